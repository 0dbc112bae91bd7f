package dev.orderflow.order.relay;

import dev.orderflow.order.outbox.Shard;
import java.util.UUID;

/// A row of the outbox.
///
/// @param id grows in the sequence in which an order's events were stored
/// @param attempts how often it was refused so far
/// @param isBehind whether an earlier event of its order is parked
record WaitingEvent(
        long id, Shard shard, UUID orderId, int attempts, boolean isBehind, OutgoingEvent event) {}
