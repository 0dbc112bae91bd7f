package dev.orderflow.contracts.value;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The postal code of an address: which countries require one, and its form.
///
/// The postal operators of the countries in `required-postal-codes.properties` require a postal
/// code in one of the listed forms. In all other countries it is optional: about sixty of them have
/// no postal codes, and in others addresses are valid without one (Universal Postal Union, postal
/// addressing systems). If one is given, it must have the form of a code.
public final class PostalCode {

    /// The maximum length of a postal code.
    public static final int MAX_LENGTH = 20;

    private static final Pattern PLAUSIBLE =
            Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9 -]*[A-Za-z0-9])?");

    private static final Map<String, Pattern> REQUIRED = required();

    private PostalCode() {}

    /// Checks the postal code of an address. Upper and lower case, blanks, hyphens and the
    /// country's own code in front (`LV-1010`) make no difference.
    ///
    /// @param code the code, or null if the address has none
    /// @throws InvalidValueException if the country requires a code that is missing, or the code
    ///     has an invalid form
    public static void require(CountryCode country, @Nullable String code) {
        var form = REQUIRED.get(country.value());
        if (code == null) {
            if (form != null) {
                throw invalid("must be given for an address in " + country);
            }
            return;
        }
        if (code.length() > MAX_LENGTH || !PLAUSIBLE.matcher(code).matches()) {
            throw invalid(
                    "must be 1 to %d letters, digits, inner blanks and hyphens"
                            .formatted(MAX_LENGTH));
        }
        if (form != null && !form.matcher(compact(code)).matches()) {
            throw invalid("must be a postal code of " + country);
        }
    }

    private static String compact(String code) {
        return code.replaceAll("[ -]", "").toUpperCase(Locale.ROOT);
    }

    private static InvalidValueException invalid(String rule) {
        return new InvalidValueException("postalCode", rule);
    }

    private static Map<String, Pattern> required() {
        var name = "required-postal-codes.properties";
        var forms = new Properties();
        try (var file = PostalCode.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is missing");
            }
            forms.load(new InputStreamReader(file, StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        var patterns = new HashMap<String, Pattern>();
        for (var country : forms.stringPropertyNames()) {
            patterns.put(
                    new CountryCode(country).value(),
                    Pattern.compile(
                            "(?:%s)?(?:%s)"
                                    .formatted(country, expression(forms.getProperty(country)))));
        }
        return Map.copyOf(patterns);
    }

    /// Converts the notation of the file: `9` is a digit, `@` a letter, and other characters are
    /// literals.
    private static String expression(String forms) {
        return forms.replace("9", "[0-9]").replace("@", "[A-Z]").replace(" ", "|");
    }
}
