package dev.orderflow.order.domain;

/// The name of an article in the shop.
///
/// @param value 1 to 40 upper-case letters, digits and dashes, no dash first
public record Sku(String value) implements Comparable<Sku> {

    /// What a SKU looks like.
    public static final String PATTERN = "[A-Z0-9][A-Z0-9-]{0,39}";

    public Sku {
        if (!value.matches(PATTERN)) {
            throw new IllegalArgumentException(
                    "sku must be 1 to 40 upper-case letters, digits or dashes");
        }
    }

    @Override
    public int compareTo(Sku other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
