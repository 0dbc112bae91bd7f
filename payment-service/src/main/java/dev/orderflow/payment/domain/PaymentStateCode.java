package dev.orderflow.payment.domain;

/// The name of a [PaymentState] in the API and in the table.
public enum PaymentStateCode {
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
