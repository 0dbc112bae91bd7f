package dev.orderflow.payment.domain;

/// Who pays, by an opaque reference.
public record CustomerRef(String value) {

    public CustomerRef {
        if (!value.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException(
                    "customerRef must have 1 to 64 letters, digits, hyphens or underscores");
        }
    }
}
