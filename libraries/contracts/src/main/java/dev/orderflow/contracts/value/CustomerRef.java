package dev.orderflow.contracts.value;

import java.util.regex.Pattern;

/// The customer, as an opaque reference without personal data.
///
/// @param value 1 to 64 letters, digits, `_` and `-`
public record CustomerRef(String value) {

    /// The form of a reference, as a regular expression for schemas.
    public static final String PATTERN = "[A-Za-z0-9_-]{1,64}";

    private static final Pattern FORM = Pattern.compile(PATTERN);

    public CustomerRef {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidValueException(
                    "customerRef", "must be 1 to 64 letters, digits, _ or -");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
