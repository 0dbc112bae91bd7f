/// What becomes of a message: the handler says what should happen, the machinery here does it.
///
/// Guarantee: a message is acknowledged only after its handler said so, or after it lies in the
/// dead-letter queue with the reason. Limit: a crash before the acknowledgement repeats the
/// message, so
/// every handler must be safe to repeat.
@NullMarked
package dev.orderflow.defaults.delivery;

import org.jspecify.annotations.NullMarked;
