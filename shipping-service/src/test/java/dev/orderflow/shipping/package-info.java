@NullMarked
package dev.orderflow.shipping;

import org.jspecify.annotations.NullMarked;
