@NullMarked
package dev.orderflow.shipping.carrier;

import org.jspecify.annotations.NullMarked;
