@NullMarked
package dev.orderflow.order.relay;

import org.jspecify.annotations.NullMarked;
