package dev.orderflow.payment.domain;

/// Why money is given back.
public enum RefundReason {
    CUSTOMER_REQUEST,
    DUPLICATE,
    FRAUDULENT
}
