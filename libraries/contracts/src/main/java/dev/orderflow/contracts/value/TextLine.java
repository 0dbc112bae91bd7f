package dev.orderflow.contracts.value;

import java.util.regex.Pattern;

/// Single-line text in any script, such as a name, a street or a city.
///
/// It contains no control characters or line separators, which would allow injection into mail
/// headers and log lines, and no unpaired surrogates, which databases cannot store; and it is not
/// blank.
public final class TextLine {

    /// The maximum length of a person's name.
    public static final int MAX_NAME_LENGTH = 100;

    /// The maximum length of street and house number.
    public static final int MAX_STREET_LENGTH = 200;

    /// The maximum length of a city name.
    public static final int MAX_CITY_LENGTH = 100;

    /// The maximum length of an article name.
    public static final int MAX_ARTICLE_NAME_LENGTH = 200;

    /// The characters of a line, as a regular expression for `@Pattern`: any except control
    /// characters, line separators and unpaired surrogates. It also matches the empty text.
    public static final String REGEX = "[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]*+";

    private static final Pattern SINGLE_LINE = Pattern.compile(REGEX);

    private TextLine() {}

    /// Whether a text has 1 to `most` characters on one line and is not blank.
    public static boolean isValid(String text, int most) {
        return !text.isBlank() && text.length() <= most && SINGLE_LINE.matcher(text).matches();
    }

    /// Checks a text.
    ///
    /// @param name the name of the value, as in JSON
    /// @param most the maximum length in UTF-16 code units
    /// @throws InvalidValueException if it is blank, too long, or has several lines
    public static String require(String name, String text, int most) {
        if (text.isBlank()) {
            throw new InvalidValueException(name, "must not be blank");
        }
        if (text.length() > most) {
            throw new InvalidValueException(name, "must have at most " + most + " characters");
        }
        if (!SINGLE_LINE.matcher(text).matches()) {
            throw new InvalidValueException(
                    name, "must be on one line, without control characters");
        }
        return text;
    }
}
