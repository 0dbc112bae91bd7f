package dev.orderflow.payment.domain;

/// The gateway's id of a payment intent. An order has at most one intent that is confirmed.
public record IntentId(String value) {

    public IntentId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("intent id must not be blank");
        }
    }
}
