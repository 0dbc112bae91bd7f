package dev.orderflow.order.relay;

import dev.orderflow.contracts.ClaimCheck;

/// Where the details lie that are too large for the bus.
interface LargeDetails {

    /// Keeps an event's detail, under a name that is the same for the same event.
    Kept keep(OutgoingEvent event);

    /// Whether it lies there.
    sealed interface Kept {

        /// It does.
        record At(ClaimCheck.PayloadLocation place) implements Kept {}

        /// Nobody knows; the event has nothing to do with it.
        record NotNow(String reason) implements Kept {}
    }
}
