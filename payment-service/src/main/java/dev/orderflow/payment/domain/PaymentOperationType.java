package dev.orderflow.payment.domain;

/// The operations of a payment.
public enum PaymentOperationType {
    AUTHORIZATION,
    CAPTURE,
    VOID,
    REFUND
}
