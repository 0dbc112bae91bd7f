package dev.orderflow.inventory.reservation;

import dev.orderflow.inventory.domain.Reservation;
import dev.orderflow.inventory.domain.Shortage;
import dev.orderflow.inventory.domain.Status;

/// What becomes of a wish to reserve.
public sealed interface Reply {

    /// All lines are held.
    ///
    /// @param again whether an earlier request did it
    record Held(Reservation reservation, boolean again) implements Reply {}

    /// A line was not there, so none is held.
    ///
    /// @param again whether an earlier request was told so
    record OutOfStock(Shortage shortage, boolean again) implements Reply {}

    /// The order was released or expired before.
    record Gone(Status status) implements Reply {}

    /// The same order or the same key came before with another request.
    record OtherRequest() implements Reply {}
}
