package dev.orderflow.order.domain;

import java.time.Instant;
import java.util.Optional;

/// An entry in an order's timeline.
///
/// @param at when it happened, by the clock of the reporting service
/// @param type what happened, for example `OrderConfirmed` or `DispatchPermitted`
/// @param effect the effect on the order
/// @param state the state of the order afterwards
/// @param detail the reason, when there is one
public record TimelineEntry(
        Instant at, String type, TimelineEffect effect, OrderState state, Optional<String> detail) {

    /// The effect of a timeline entry on its order.
    public enum TimelineEffect {
        /// The order moved to another state.
        MOVED,
        /// The report was true but late: the order had already moved further.
        LATE,
        /// The report contradicted the state of the order.
        OUT_OF_ORDER,
        /// A work item was opened or a repair was made.
        FLAGGED
    }
}
