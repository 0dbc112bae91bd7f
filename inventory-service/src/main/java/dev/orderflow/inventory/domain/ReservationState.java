package dev.orderflow.inventory.domain;

import java.util.Optional;

/// The state of an order's reservation.
public sealed interface ReservationState {

    /// No reservation or release was requested yet.
    record NoReservation() implements ReservationState {}

    /// The stock of all lines is reserved.
    record ReservedStock(ReservationLines lines) implements ReservationState {}

    /// The stock of a line was insufficient, so none is reserved. This is final: a repeated request
    /// gets the same result even after new goods have arrived, because the workflow may have
    /// moved on.
    record ReservationRefused(ReservationLines lines, Shortage shortage)
            implements ReservationState {}

    /// Nothing is reserved, and a later reservation is refused.
    ///
    /// @param lines empty when the release came before the reservation: a tombstone
    record ReservationReleased(Optional<ReservationLines> lines) implements ReservationState {}

    /// The order has shipped and its stock is deducted.
    record ReservationFulfilled(ReservationLines lines) implements ReservationState {}

    /// The stock was returned, because the order had ended without a release.
    record ReservationExpired(ReservationLines lines) implements ReservationState {}

    /// The transition table: the decision on each event in each state.
    default ReservationDecision decide(ReservationEvent event) {
        return switch (event) {
            case ReservationEvent.ReservationRequested(var requested) ->
                    switch (this) {
                        case NoReservation _ -> new ReservationDecision.HoldStock(requested);
                        case ReservedStock(var lines) -> compareLines(lines, requested);
                        case ReservationRefused(var lines, var _) -> compareLines(lines, requested);
                        case ReservationFulfilled(var lines) -> compareLines(lines, requested);
                        case ReservationReleased _ ->
                                new ReservationDecision.RefuseEnded(ReservationStateCode.RELEASED);
                        case ReservationExpired _ ->
                                new ReservationDecision.RefuseEnded(ReservationStateCode.EXPIRED);
                    };
            case ReservationEvent.ReleaseRequested _ ->
                    switch (this) {
                        case ReservedStock(var lines) ->
                                new ReservationDecision.MoveStock(
                                        lines,
                                        StockMovement.RELEASED,
                                        ReservationStateCode.RELEASED);
                        case NoReservation _, ReservationRefused _, ReservationExpired _ ->
                                new ReservationDecision.ChangeState(ReservationStateCode.RELEASED);
                        case ReservationReleased _ -> new ReservationDecision.KeepState();
                        case ReservationFulfilled _ -> new ReservationDecision.RefuseFulfilled();
                    };
            case ReservationEvent.ShipmentReported(var shipped) ->
                    switch (this) {
                        case ReservedStock(var lines) when lines.equals(shipped) ->
                                new ReservationDecision.MoveStock(
                                        lines,
                                        StockMovement.SHIPPED,
                                        ReservationStateCode.FULFILLED);
                        case ReservationFulfilled(var lines) when lines.equals(shipped) ->
                                new ReservationDecision.KeepState();
                        case ReservedStock _, ReservationFulfilled _ ->
                                new ReservationDecision.RejectOutOfOrder(
                                        "shipped lines differ from the reserved lines");
                        case NoReservation _ ->
                                new ReservationDecision.RejectOutOfOrder(
                                        "the shipped order has no reservation");
                        case ReservationRefused _ ->
                                new ReservationDecision.RejectOutOfOrder(
                                        "the reservation of the shipped order was refused");
                        case ReservationReleased _ ->
                                new ReservationDecision.RejectOutOfOrder(
                                        "the reservation of the shipped order was released");
                        case ReservationExpired _ ->
                                new ReservationDecision.RejectOutOfOrder(
                                        "the reservation of the shipped order has expired");
                    };
            case ReservationEvent.OrderEndedUnshipped _ ->
                    switch (this) {
                        case ReservedStock(var lines) ->
                                new ReservationDecision.MoveStock(
                                        lines, StockMovement.EXPIRED, ReservationStateCode.EXPIRED);
                        case NoReservation _,
                                ReservationRefused _,
                                ReservationReleased _,
                                ReservationFulfilled _,
                                ReservationExpired _ ->
                                new ReservationDecision.KeepState();
                    };
        };
    }

    private static ReservationDecision compareLines(
            ReservationLines first, ReservationLines requested) {
        return first.equals(requested)
                ? new ReservationDecision.KeepState()
                : new ReservationDecision.RefuseDifferentLines();
    }
}
