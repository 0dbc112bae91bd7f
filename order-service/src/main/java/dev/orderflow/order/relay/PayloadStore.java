package dev.orderflow.order.relay;

import dev.orderflow.contracts.ClaimCheck;

/// Where the details lie that are too large for the bus.
interface PayloadStore {

    /// Keeps an event's detail, under a name that is the same for the same event.
    StoreResult store(OutgoingEvent event);

    /// Whether it lies there.
    sealed interface StoreResult {

        /// It does.
        record StoredAt(ClaimCheck.PayloadLocation place) implements StoreResult {}

        /// Nobody knows; the event has nothing to do with it.
        record StoreUnavailable(String reason) implements StoreResult {}
    }
}
