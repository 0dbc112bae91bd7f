package dev.orderflow.inventory.reservation;

import dev.orderflow.inventory.domain.Reservation;
import dev.orderflow.inventory.domain.ReservationStateCode;
import dev.orderflow.inventory.domain.Shortage;

/// The result of a reservation request.
public sealed interface ReserveResult {

    /// The stock of all lines is reserved.
    ///
    /// @param replayed whether an earlier request reserved it
    record StockReserved(Reservation reservation, boolean replayed) implements ReserveResult {}

    /// The stock of a line is insufficient, so none is reserved.
    ///
    /// @param replayed whether an earlier request got this result
    record StockInsufficient(Shortage shortage, boolean replayed) implements ReserveResult {}

    /// The reservation was released or has expired.
    record ReservationEnded(ReservationStateCode state) implements ReserveResult {}

    /// The order or the key was used with a different request.
    record DifferentRequest() implements ReserveResult {}
}
