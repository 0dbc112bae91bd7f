package dev.orderflow.inventory.domain;

/// The name of a [ReservationState] in the API and in the table.
public enum ReservationStateCode {
    RESERVED,
    REFUSED,
    RELEASED,
    FULFILLED,
    EXPIRED
}
