/// The interfaces through which the services of the local cloud call each other. No service depends
/// on the implementation of another.
@NullMarked
package dev.orderflow.localcloud.ports;

import org.jspecify.annotations.NullMarked;
