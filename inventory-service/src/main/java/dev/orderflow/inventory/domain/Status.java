package dev.orderflow.inventory.domain;

/// How a reservation's standing is called outside.
public enum Status {
    HELD,
    REFUSED,
    RELEASED,
    FULFILLED,
    EXPIRED
}
