/// Places orders.
///
/// Guarantee: an accepted order, its `OrderCreated` in the outbox and the response stored for its
/// idempotency key are written in one transaction or not at all. Placing an order calls nothing but
/// the database.
///
/// It takes one round trip to the database: a single statement acquires the key and inserts the
/// order, its lines, its event and the response. A second one reads prices when those in the cache
/// are older than `price-cache-ttl`.
///
/// Limit: whether there is enough stock and money is found out later, by the workflow.
@NullMarked
package dev.orderflow.order.placement;

import org.jspecify.annotations.NullMarked;
