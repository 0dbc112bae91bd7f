/// Places orders.
///
/// Guarantee: an accepted order, its `OrderCreated` in the outbox and the response stored for its
/// idempotency key are written in one transaction or not at all. Placing an order calls nothing but
/// the database.
///
/// It takes six round trips to the database: claim the key, insert the order, its lines (one batch)
/// and its event, store the response, commit. A seventh reads prices when those in the cache are
/// older than `price-cache-ttl`.
///
/// Limit: whether there is enough stock and money is found out later, by the workflow.
@NullMarked
package dev.orderflow.order.placement;

import org.jspecify.annotations.NullMarked;
