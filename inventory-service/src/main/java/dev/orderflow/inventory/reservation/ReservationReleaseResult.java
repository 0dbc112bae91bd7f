package dev.orderflow.inventory.reservation;

/// The result of a release request.
public sealed interface ReservationReleaseResult {

    /// Nothing is reserved, and a later reservation is refused.
    ///
    /// @param stockReturned whether this request returned stock
    record StockReleased(boolean stockReturned) implements ReservationReleaseResult {}

    /// The order has shipped.
    record AlreadyFulfilled() implements ReservationReleaseResult {}

    /// The key was used for another order.
    record KeyOfOtherOrder() implements ReservationReleaseResult {}
}
