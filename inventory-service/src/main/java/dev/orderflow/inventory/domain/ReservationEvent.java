package dev.orderflow.inventory.domain;

/// What inventory hears about an order.
public sealed interface ReservationEvent {

    /// The workflow wants these lines held.
    record ReservationRequested(ReservationLines lines) implements ReservationEvent {}

    /// The workflow wants nothing held, whether or not anything is.
    record ReleaseRequested() implements ReservationEvent {}

    /// The order has shipped.
    record ShipmentReported(ReservationLines lines) implements ReservationEvent {}

    /// The order is over without having shipped, and its time is up.
    record OrderEndedUnshipped() implements ReservationEvent {}
}
