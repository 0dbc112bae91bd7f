@NullMarked
package dev.orderflow.sandboxes.issuer;

import org.jspecify.annotations.NullMarked;
