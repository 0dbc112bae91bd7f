package dev.orderflow.inventory.domain;

/// What to do with an event, given the current state of the reservation.
public sealed interface ReservationDecision {

    /// Hold the stock of all lines if it is available, otherwise of none.
    record HoldStock(ReservationLines lines) implements ReservationDecision {}

    /// Move the stock of all lines and change the state of the reservation.
    record MoveStock(ReservationLines lines, StockMovement movement, ReservationStateCode state)
            implements ReservationDecision {}

    /// Change the state only, since no stock is reserved.
    record ChangeState(ReservationStateCode state) implements ReservationDecision {}

    /// The event was processed before. Change nothing and repeat the first result.
    record KeepState() implements ReservationDecision {}

    /// The reservation was released or has expired. Refuse a late reservation request permanently.
    record RefuseEnded(ReservationStateCode state) implements ReservationDecision {}

    /// The order was reserved with other lines before. Refuse the request.
    record RefuseDifferentLines() implements ReservationDecision {}

    /// The order has shipped. Refuse the release.
    record RefuseFulfilled() implements ReservationDecision {}

    /// The event contradicts the state. Reject it, so that an operator checks it.
    record RejectOutOfOrder(String reason) implements ReservationDecision {}
}
