@NullMarked
package dev.orderflow.order.approval;

import org.jspecify.annotations.NullMarked;
