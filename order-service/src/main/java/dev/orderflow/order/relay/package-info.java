/// Publishes the events of the outbox, on any number of instances.
///
/// Guarantee: every stored event is published at least once, and an order's events are first
/// published in the sequence in which they were stored: the next one is sent only after the bus
/// has accepted the previous one and its row is deleted. An event that the bus keeps rejecting for
/// its content is parked with the reason. It holds back the later events of its own order and of
/// no other, and is never deleted unpublished.
///
/// Each shard is published by one relay at a time, which holds a lease by the database's clock.
/// The guarantee does not depend on it: two owners of one shard, for example after one was paused
/// and resumes, publish the same event twice, with the same event id and not out of sequence.
///
/// A failure that is not the event's own parks nothing, however long it lasts: an outage of
/// EventBridge, a missing right, a missing bus. Events wait, `outbox.oldest.age` grows, and where
/// a change is needed `outbox.blocked` or `outbox.bus.missing` raises an alarm.
///
/// Limits: a repeat may arrive after later events, like any delivery of EventBridge. EventBridge
/// accepts events for a bus that does not exist; the bus is checked every few seconds, and events
/// accepted between its deletion and the next check reach no rule. For an `OrderCreated` among
/// them the order's workflow is started again (`dev.orderflow.order.workflow`).
@NullMarked
package dev.orderflow.order.relay;

import org.jspecify.annotations.NullMarked;
