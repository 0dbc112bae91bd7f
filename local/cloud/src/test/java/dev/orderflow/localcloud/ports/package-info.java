/// Doubles of the ports between services.
@NullMarked
package dev.orderflow.localcloud.ports;

import org.jspecify.annotations.NullMarked;
