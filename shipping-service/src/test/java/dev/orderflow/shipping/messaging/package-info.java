@NullMarked
package dev.orderflow.shipping.messaging;

import org.jspecify.annotations.NullMarked;
