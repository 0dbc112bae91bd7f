package dev.orderflow.inventory.reservation;

import dev.orderflow.inventory.domain.Reservation;
import dev.orderflow.inventory.domain.ReservationStatus;
import dev.orderflow.inventory.domain.Shortage;

/// What becomes of a wish to reserve.
public sealed interface ReserveResult {

    /// All lines are held.
    ///
    /// @param again whether an earlier request did it
    record StockReserved(Reservation reservation, boolean replayed) implements ReserveResult {}

    /// A line was not there, so none is held.
    ///
    /// @param again whether an earlier request was told so
    record StockInsufficient(Shortage shortage, boolean replayed) implements ReserveResult {}

    /// The order was released or expired before.
    record ReservationEnded(ReservationStatus status) implements ReserveResult {}

    /// The same order or the same key came before with another request.
    record DifferentRequest() implements ReserveResult {}
}
