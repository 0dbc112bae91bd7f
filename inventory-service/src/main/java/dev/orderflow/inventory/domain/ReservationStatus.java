package dev.orderflow.inventory.domain;

/// The status of a reservation, for callers and operators.
public enum ReservationStatus {
    RESERVED,
    REFUSED,
    RELEASED,
    FULFILLED,
    EXPIRED
}
