@NullMarked
package dev.orderflow.localcloud.pattern;

import org.jspecify.annotations.NullMarked;
