package dev.orderflow.payment.domain;

/// What the customer pays with, as the gateway names it. It says nothing to anybody else.
public record PaymentMethodId(String value) {

    public PaymentMethodId {
        if (!value.matches("[A-Za-z0-9_]{1,255}")) {
            throw new IllegalArgumentException(
                    "paymentMethodId must have 1 to 255 letters, digits or underscores");
        }
    }
}
