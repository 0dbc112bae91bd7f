package dev.orderflow.inventory.domain;

/// The status of a reservation, for callers and operators.
public enum ReservationStatus {
    HELD,
    REFUSED,
    RELEASED,
    FULFILLED,
    EXPIRED
}
