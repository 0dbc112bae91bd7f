/// What order-service adds to the outbox library, which stores and publishes its events
/// (`dev.orderflow.outbox`): the claim check of a large order event, a work item for each order
/// with a parked event, and the internal API for parked events.
///
/// EventBridge accepts events for a bus that does not exist; the relay checks the bus every few
/// seconds, and events accepted between its deletion and the next check reach no rule. For an
/// `OrderCreated` among them the order's workflow is started late (`dev.orderflow.order.workflow`).
@NullMarked
package dev.orderflow.order.publishing;

import org.jspecify.annotations.NullMarked;
