package dev.orderflow.payment.domain;

/// A payment's state in one word, for callers and operators.
public enum PaymentStatus {
    /// Nothing is charged, and nothing was asked for yet that could.
    REQUESTED,
    /// The gateway was asked for something, and has not told yet whether it did it.
    UNKNOWN,
    AUTHORIZED,
    DECLINED,
    CAPTURED,
    /// The money, or a part of it, is given back.
    REFUNDED,
    VOIDED
}
