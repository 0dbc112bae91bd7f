/// The queue of facts worth telling.
///
/// Guarantee: whatever is not worth telling, replays included, goes to the dead letters and tells
/// nobody anything. Limit: what cannot be told for longer than its five receives goes there, too,
/// and is told when it is redriven.
@NullMarked
package dev.orderflow.notification.messaging;

import org.jspecify.annotations.NullMarked;
