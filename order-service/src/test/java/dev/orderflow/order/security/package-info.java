@NullMarked
package dev.orderflow.order.security;

import org.jspecify.annotations.NullMarked;
