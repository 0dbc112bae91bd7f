package dev.orderflow.contracts.value;

import java.util.Locale;
import java.util.Set;

/// A country of a shipping address.
///
/// @param value one of the two-letter codes that ISO 3166-1 has officially assigned, in upper case.
///     Reserved and user-assigned codes (`UK`, `EU`, `XK`, `ZZ`) are invalid
public record CountryCode(String value) {

    /// The form of a code, as a regular expression for schemas.
    public static final String PATTERN = "[A-Z]{2}";

    private static final Set<String> ASSIGNED = Set.of(Locale.getISOCountries());

    public CountryCode {
        if (!ASSIGNED.contains(value)) {
            throw new InvalidValueException(
                    "country",
                    "must be an assigned ISO 3166-1 code of two upper-case letters such as GB");
        }
    }

    /// All countries.
    public static Set<String> assigned() {
        return ASSIGNED;
    }

    @Override
    public String toString() {
        return value;
    }
}
