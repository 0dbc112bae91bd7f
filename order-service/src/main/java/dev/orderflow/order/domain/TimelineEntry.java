package dev.orderflow.order.domain;

import java.time.Instant;
import java.util.Optional;

/// A line in an order's timeline.
///
/// @param at when it happened, by the clock of whoever reported it
/// @param what for example `OrderConfirmed` or `DispatchPermitted`
/// @param effect what it did to the order
/// @param state where the order was afterwards
/// @param detail the reason, when there is one
public record TimelineEntry(
        Instant at, String type, TimelineEffect effect, OrderState state, Optional<String> detail) {

    /// What an occurrence did to its order.
    public enum TimelineEffect {
        /// It moved the order on.
        MOVED,
        /// It came when the order was further on.
        LATE,
        /// It contradicted what was known.
        OUT_OF_ORDER,
        /// It asked a person to look.
        FLAGGED
    }
}
