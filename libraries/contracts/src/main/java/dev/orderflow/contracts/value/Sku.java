package dev.orderflow.contracts.value;

import java.util.regex.Pattern;

/// The identifier of an article (stock-keeping unit).
///
/// @param value 1 to 40 upper-case letters, digits and dashes, not beginning with a dash
public record Sku(String value) implements Comparable<Sku> {

    /// The form of an SKU, as a regular expression for schemas.
    public static final String PATTERN = "[A-Z0-9][A-Z0-9-]{0,39}";

    private static final Pattern FORM = Pattern.compile(PATTERN);

    public Sku {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidValueException(
                    "sku", "must be 1 to 40 upper-case letters, digits or dashes");
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
