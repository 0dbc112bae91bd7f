@NullMarked
package dev.orderflow.order.personaldata;

import org.jspecify.annotations.NullMarked;
