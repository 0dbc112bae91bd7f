package dev.orderflow.inventory.domain;

/// An event of a reservation.
public sealed interface ReservationEvent {

    /// The workflow requests a reservation of these lines.
    record ReservationRequested(ReservationLines lines) implements ReservationEvent {}

    /// The workflow requests the release, whether or not stock is reserved.
    record ReleaseRequested() implements ReservationEvent {}

    /// The order has shipped.
    record ShipmentReported(ReservationLines lines) implements ReservationEvent {}

    /// The reservation is overdue, and order-service reports that its order ended without a
    /// shipment.
    record OrderEndedUnshipped() implements ReservationEvent {}
}
