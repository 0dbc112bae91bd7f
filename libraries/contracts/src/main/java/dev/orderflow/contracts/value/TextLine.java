package dev.orderflow.contracts.value;

import java.util.regex.Pattern;

/// Something a person wrote, in any script, on one line: a name, a street, a city.
///
/// It has no control characters or line separators, which would break out of a mail header or a log
/// line, and no half of a surrogate pair, which no database stores; and it is not blank.
public final class TextLine {

    /// The most characters of a person's name.
    public static final int MAX_NAME_LENGTH = 100;

    /// The most characters of street and house.
    public static final int MAX_STREET_LENGTH = 200;

    /// The most characters of a city's name.
    public static final int MAX_CITY_LENGTH = 100;

    /// The most characters of an article's name.
    public static final int MAX_ARTICLE_NAME_LENGTH = 200;

    /// The characters of a line, as a regular expression for `@Pattern`: any but control
    /// characters, line separators and halves of surrogate pairs. It matches the empty text, too.
    public static final String REGEX = "[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]*+";

    private static final Pattern SINGLE_LINE = Pattern.compile(REGEX);

    private TextLine() {}

    /// Whether a text has 1 to `most` characters on one line and is not blank.
    public static boolean isValid(String text, int most) {
        return !text.isBlank() && text.length() <= most && SINGLE_LINE.matcher(text).matches();
    }

    /// Checks a text.
    ///
    /// @param name of the value, as JSON names it
    /// @param most how many characters it may have, in UTF-16 code units
    /// @throws InvalidValueException when it is blank, longer, or not on one line
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
