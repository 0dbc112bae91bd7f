/// Records which messages were handled, in the transaction of their effects.
///
/// Guarantee: of several deliveries of one message at most one takes effect, even at the same time
/// on two instances. Limit: this covers effects in the same database; a call of another system
/// needs an idempotency key.
@NullMarked
package dev.orderflow.defaults.inbox;

import org.jspecify.annotations.NullMarked;
