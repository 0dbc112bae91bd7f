/// Doubles of the ports between services.
@NullMarked
package dev.orderflow.localcloud.wiring;

import org.jspecify.annotations.NullMarked;
