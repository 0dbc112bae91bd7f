package dev.orderflow.payment.domain;

/// The status of a payment, for callers and operators.
public enum PaymentStatus {
    /// Requested; nothing was sent to the gateway that could charge.
    REQUESTED,
    /// An operation was sent to the gateway and its outcome is unknown.
    UNKNOWN,
    AUTHORIZED,
    DECLINED,
    CAPTURED,
    /// Refunded, in whole or in part.
    REFUNDED,
    VOIDED
}
