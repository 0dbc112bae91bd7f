package dev.orderflow.payment.domain;

/// The gateway's name for the one charge that an order may become.
public record IntentId(String value) {

    public IntentId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("an intent's id must not be blank");
        }
    }
}
