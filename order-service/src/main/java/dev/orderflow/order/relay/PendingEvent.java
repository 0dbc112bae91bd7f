package dev.orderflow.order.relay;

import dev.orderflow.order.outbox.Shard;
import java.util.UUID;

/// A row of the outbox.
///
/// @param id grows in the sequence in which an order's events were stored
/// @param attempts how often it was refused so far, for what it is
/// @param deferrals how often it was put off so far for reasons it has nothing to do with
/// @param isBehind whether an earlier event of its order is parked
record PendingEvent(
        long id,
        Shard shard,
        UUID orderId,
        int attempts,
        int deferrals,
        boolean isBehindParked,
        OutgoingEvent event) {

    /// Whether it was tried before, so that there is a record of it to delete.
    boolean isRetried() {
        return attempts + deferrals > 0;
    }
}
