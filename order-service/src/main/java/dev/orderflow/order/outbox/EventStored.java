package dev.orderflow.order.outbox;

import java.util.UUID;

/// Published inside this process when an event was stored, for transactional listeners. It wakes
/// them before their next poll; a listener that misses it finds the event with that poll.
///
/// @param orderId whose event it is
/// @param shard of the order
/// @param type its name, for example `OrderCreated`
public record EventStored(UUID orderId, Shard shard, String type) {}
