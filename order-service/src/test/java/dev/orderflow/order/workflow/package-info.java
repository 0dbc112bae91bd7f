@NullMarked
package dev.orderflow.order.workflow;

import org.jspecify.annotations.NullMarked;
