/// Message delivery: a handler decides what should happen to a message, and this package does it.
///
/// Guarantee: a message is deleted only after its handler acknowledged it, or after it was copied
/// to the dead-letter queue with the reason. Limit: after a crash before the deletion the message
/// is delivered again, so every handler must be idempotent.
@NullMarked
package dev.orderflow.defaults.delivery;

import org.jspecify.annotations.NullMarked;
