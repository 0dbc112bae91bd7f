/// Remembers which messages were handled, in the transaction of what they caused.
///
/// Guarantee: of two deliveries of one message at most one takes effect, even at the same moment on
/// two
/// instances. Limit: only effects in the same database; what leaves it needs a key of its own.
@NullMarked
package dev.orderflow.defaults.inbox;

import org.jspecify.annotations.NullMarked;
