package dev.orderflow.inventory.reservation;

/// The result of a release request.
public sealed interface ReservationReleaseResult {

    /// Nothing is reserved, and a later reservation is refused.
    ///
    /// @param stockReturned whether this request returned stock
    /// @param replayed whether an earlier request had released it
    record StockReleased(boolean stockReturned, boolean replayed)
            implements ReservationReleaseResult {}

    /// The order has shipped.
    record AlreadyFulfilled() implements ReservationReleaseResult {}

    /// The key was used for another order.
    record KeyOfOtherOrder() implements ReservationReleaseResult {}
}
