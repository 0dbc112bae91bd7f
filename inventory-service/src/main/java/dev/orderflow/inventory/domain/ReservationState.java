package dev.orderflow.inventory.domain;

import java.util.Optional;

/// What inventory knows of one order.
public sealed interface ReservationState {

    /// Nothing yet.
    record NoReservation() implements ReservationState {}

    /// All lines are kept for it.
    record StockHeld(ReservationLines lines) implements ReservationState {}

    /// A line was not there, so none was kept. It stays so: a repeat gets the same answer even
    /// when goods came in meanwhile, because the workflow may have moved on.
    record ReservationRefused(ReservationLines lines, Shortage shortage)
            implements ReservationState {}

    /// Nothing is kept and nothing will be.
    ///
    /// @param lines empty when the release came before the reservation: a tombstone
    record ReservationReleased(Optional<ReservationLines> lines) implements ReservationState {}

    /// The goods have left.
    record ReservationFulfilled(ReservationLines lines) implements ReservationState {}

    /// Given back because the order was over.
    record ReservationExpired(ReservationLines lines) implements ReservationState {}

    /// The table: what each report leads to in each standing.
    default ReservationDecision decide(ReservationEvent report) {
        return switch (report) {
            case ReservationEvent.ReservationRequested(var wanted) ->
                    switch (this) {
                        case NoReservation _ -> new ReservationDecision.HoldStock(wanted);
                        case StockHeld(var lines) -> compareLines(lines, wanted);
                        case ReservationRefused(var lines, var _) -> compareLines(lines, wanted);
                        case ReservationFulfilled(var lines) -> compareLines(lines, wanted);
                        case ReservationReleased _ ->
                                new ReservationDecision.RefuseEnded(ReservationStatus.RELEASED);
                        case ReservationExpired _ ->
                                new ReservationDecision.RefuseEnded(ReservationStatus.EXPIRED);
                    };
            case ReservationEvent.ReleaseRequested _ ->
                    switch (this) {
                        case StockHeld(var lines) ->
                                new ReservationDecision.MoveStock(
                                        lines, StockMovement.RELEASED, ReservationStatus.RELEASED);
                        case NoReservation _, ReservationRefused _, ReservationExpired _ ->
                                new ReservationDecision.ChangeStatus(ReservationStatus.RELEASED);
                        case ReservationReleased _ -> new ReservationDecision.KeepState();
                        case ReservationFulfilled _ -> new ReservationDecision.RefuseFulfilled();
                    };
            case ReservationEvent.ShipmentReported(var shipped) ->
                    switch (this) {
                        case StockHeld(var lines) when lines.equals(shipped) ->
                                new ReservationDecision.MoveStock(
                                        lines, StockMovement.SHIPPED, ReservationStatus.FULFILLED);
                        case ReservationFulfilled(var lines) when lines.equals(shipped) ->
                                new ReservationDecision.KeepState();
                        case StockHeld _, ReservationFulfilled _ ->
                                new ReservationDecision.RejectOutOfOrder(
                                        "shipped other lines than were reserved");
                        case NoReservation _ ->
                                new ReservationDecision.RejectOutOfOrder(
                                        "shipped an order without a reservation");
                        case ReservationRefused _ ->
                                new ReservationDecision.RejectOutOfOrder(
                                        "shipped an order that was out of stock");
                        case ReservationReleased _ ->
                                new ReservationDecision.RejectOutOfOrder(
                                        "shipped an order whose stock was released");
                        case ReservationExpired _ ->
                                new ReservationDecision.RejectOutOfOrder(
                                        "shipped an order whose stock had expired");
                    };
            case ReservationEvent.OrderEndedUnshipped _ ->
                    switch (this) {
                        case StockHeld(var lines) ->
                                new ReservationDecision.MoveStock(
                                        lines, StockMovement.EXPIRED, ReservationStatus.EXPIRED);
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
            ReservationLines first, ReservationLines wanted) {
        return first.equals(wanted)
                ? new ReservationDecision.KeepState()
                : new ReservationDecision.RefuseDifferentLines();
    }
}
