/// Delays between retries.
@NullMarked
package dev.orderflow.defaults.retry;

import org.jspecify.annotations.NullMarked;
