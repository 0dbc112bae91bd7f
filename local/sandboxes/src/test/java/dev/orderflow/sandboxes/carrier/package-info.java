@NullMarked
package dev.orderflow.sandboxes.carrier;

import org.jspecify.annotations.NullMarked;
