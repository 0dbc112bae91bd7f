package dev.orderflow.inventory.domain;

/// What a report leads to.
public sealed interface ReservationDecision {

    /// Hold all lines if they are there, else none.
    record HoldStock(ReservationLines lines) implements ReservationDecision {}

    /// Move the stock of all lines and give the reservation another status.
    record MoveStock(ReservationLines lines, StockMovement movement, ReservationStatus status)
            implements ReservationDecision {}

    /// Only the status is new; no stock was held.
    record ChangeStatus(ReservationStatus status) implements ReservationDecision {}

    /// Heard before: nothing changes, and the answer is the first one.
    record KeepState() implements ReservationDecision {}

    /// The order was told to let go, or its time was up: a late reservation is refused for good.
    record RefuseEnded(ReservationStatus status) implements ReservationDecision {}

    /// The same order came before with other lines.
    record RefuseDifferentLines() implements ReservationDecision {}

    /// The goods have left; there is nothing to let go.
    record RefuseFulfilled() implements ReservationDecision {}

    /// This cannot follow from what is known; a person must look.
    record RejectOutOfOrder(String reason) implements ReservationDecision {}
}
