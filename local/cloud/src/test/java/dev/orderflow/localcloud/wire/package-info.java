@NullMarked
package dev.orderflow.localcloud.wire;

import org.jspecify.annotations.NullMarked;
