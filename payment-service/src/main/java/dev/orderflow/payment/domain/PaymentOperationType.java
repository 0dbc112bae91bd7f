package dev.orderflow.payment.domain;

/// What can be asked for a payment.
public enum PaymentOperationType {
    AUTHORIZATION,
    CAPTURE,
    VOID,
    REFUND
}
