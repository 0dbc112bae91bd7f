package dev.orderflow.payment.domain;

/// What can be asked for a payment.
public enum Kind {
    AUTHORIZATION,
    CAPTURE,
    VOID,
    REFUND
}
