/// The queue of facts, read in batches.
@NullMarked
package dev.orderflow.analytics.messaging;

import org.jspecify.annotations.NullMarked;
