/// The courier by itself.
@NullMarked
package dev.orderflow.localcloud.delivery;

import org.jspecify.annotations.NullMarked;
