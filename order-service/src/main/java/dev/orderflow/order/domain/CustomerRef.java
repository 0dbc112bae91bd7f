package dev.orderflow.order.domain;

/// Who orders, as an opaque reference that says nothing about the person.
///
/// @param value 1 to 64 letters, digits, `_` and `-`
public record CustomerRef(String value) {

    /// What a reference looks like.
    public static final String PATTERN = "[A-Za-z0-9_-]{1,64}";

    public CustomerRef {
        if (!value.matches(PATTERN)) {
            throw new IllegalArgumentException(
                    "customer reference must be 1 to 64 letters, digits, _ or -");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
