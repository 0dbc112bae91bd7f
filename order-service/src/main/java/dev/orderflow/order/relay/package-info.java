/// Publishes the events of the outbox, on any number of instances.
///
/// Guarantee: every stored event is published at least once, and an order's events are
/// published for the first time in the sequence in which they were stored: the next one is sent
/// only when the bus has accepted the one before it and its row is gone. An event that the bus
/// keeps refusing for what it is, is parked with the reason, holds back the later events of its
/// own order and of no other, and is never deleted unpublished.
///
/// A shard of the orders is published by one relay at a time, which holds a lease by the
/// database's clock. Nothing depends on that but economy: two owners of one shard, for example
/// when one was paused and comes back, publish the same event twice, with the same event id,
/// and still none before its time.
///
/// What has nothing to do with an event parks none, however long it lasts: a failure of
/// EventBridge, a missing right, a bus that does not exist. Events wait, `outbox.oldest.age`
/// grows, and where somebody must change something `outbox.blocked` or `outbox.bus.missing`
/// says so.
///
/// Limits: a repeat may arrive after later events, as anything on the bus may. EventBridge
/// accepts events for a bus that does not exist; the bus is looked for every few seconds, and
/// what was accepted between the moment it vanished and the next look reaches no rule. An
/// `OrderCreated` among them is made good by starting the order's workflow again
/// (`dev.orderflow.order.workflow`).
@NullMarked
package dev.orderflow.order.relay;

import org.jspecify.annotations.NullMarked;
