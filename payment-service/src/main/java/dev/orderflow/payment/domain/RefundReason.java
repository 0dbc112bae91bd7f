package dev.orderflow.payment.domain;

/// The reason of a refund.
public enum RefundReason {
    CUSTOMER_REQUEST,
    DUPLICATE,
    FRAUDULENT
}
