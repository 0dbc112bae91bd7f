/// Places orders.
///
/// Guarantee: an accepted order, its `OrderCreated` in the outbox and the answer kept for its
/// idempotency key are stored in one transaction or not at all, and nothing else is waited for.
///
/// Six round trips to the database: the key is claimed, order, lines and event are inserted (the
/// lines in one batch), the answer is kept, and all is committed. A seventh reads prices when those
/// in memory are older than `price-cache-ttl`.
///
/// Limit: that stock and money suffice is not known yet.
@NullMarked
package dev.orderflow.order.placement;

import org.jspecify.annotations.NullMarked;
