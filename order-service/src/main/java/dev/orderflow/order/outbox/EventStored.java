package dev.orderflow.order.outbox;

import java.util.UUID;

/// Told inside this process when an event was stored, for listeners that wait for the commit. It
/// saves them waiting for their next look; whoever misses it finds the event then.
///
/// @param orderId whose event it is
/// @param shard where it waits
/// @param type its name, for example `OrderCreated`
public record EventStored(UUID orderId, Shard shard, String type) {}
