@NullMarked
package dev.orderflow.order.publishing;

import org.jspecify.annotations.NullMarked;
