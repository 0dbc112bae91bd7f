package dev.orderflow.inventory.domain;

/// How a reservation's standing is called outside.
public enum ReservationStatus {
    HELD,
    REFUSED,
    RELEASED,
    FULFILLED,
    EXPIRED
}
