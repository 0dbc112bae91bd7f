package dev.orderflow.inventory.domain;

import java.util.regex.Pattern;

/// An article.
///
/// @param value 1 to 40 upper-case letters, digits and dashes, as in the published events
public record Sku(String value) implements Comparable<Sku> {

    private static final Pattern WELL_FORMED = Pattern.compile("[A-Z0-9][A-Z0-9-]{0,39}");

    public Sku {
        if (!WELL_FORMED.matcher(value).matches()) {
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
