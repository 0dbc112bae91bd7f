package dev.orderflow.contracts.value;

import java.util.regex.Pattern;

/// Single-line text in any script, such as a name, a street, or the note of an operator.
///
/// It contains no control characters or line separators, which would allow injection into mail
/// headers and log lines, no unpaired surrogates, which databases cannot store, and no invisible
/// characters, with which a text looks like another one: controls of the writing direction, spaces
/// without width, fillers. The joiners U+200C and U+200D stand only where they join: in emoji, and
/// in the scripts whose spelling needs them. A line is not blank.
public final class TextLine {

    /// The maximum length of a person's name.
    public static final int MAX_NAME_LENGTH = 100;

    /// The maximum length of street and house number.
    public static final int MAX_STREET_LENGTH = 200;

    /// The maximum length of a city name.
    public static final int MAX_CITY_LENGTH = 100;

    /// The maximum length of an article name.
    public static final int MAX_ARTICLE_NAME_LENGTH = 200;

    /// The maximum length of the note with which an operator resolves or releases something.
    public static final int MAX_NOTE_LENGTH = 1000;

    private static final String JOINERS = "\\u200C\\u200D";

    /// What a joiner may follow: symbols such as emoji, marks, and letters of scripts with joiners.
    private static final String JOINED =
            "\\p{M}\\p{So}\\p{Sk}\\p{IsArabic}\\p{IsSyriac}\\p{IsNko}\\p{IsMongolian}\\p{IsDevanagari}"
                    + "\\p{IsBengali}\\p{IsGurmukhi}\\p{IsGujarati}\\p{IsOriya}\\p{IsTamil}\\p{IsTelugu}"
                    + "\\p{IsKannada}\\p{IsMalayalam}\\p{IsSinhala}\\p{IsKhmer}\\p{IsMyanmar}\\p{IsTibetan}";

    private static final String NO_STRAY_JOINER =
            "(?![" + JOINERS + "]|(?s:.*)[^" + JOINED + "][" + JOINERS + "])";

    /// Neither controls, line separators and surrogates, nor what is invisible: formats (Cf), the
    /// fillers of Hangul and the blank of Braille.
    private static final String VISIBLE =
            "[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\u115F\\u1160\\u2800\\u3164\\uFFA0]";

    /// The characters of a line, as a regular expression for `@Pattern`. It also matches the empty
    /// text.
    public static final String REGEX = NO_STRAY_JOINER + "[" + VISIBLE + JOINERS + "]*+";

    /// As [#REGEX], for text with line breaks and tabs.
    public static final String MULTI_LINE_REGEX =
            NO_STRAY_JOINER + "[" + VISIBLE + JOINERS + "\\n\\r\\t]*+";

    /// What [#REGEX] requires, as the message of a `@Pattern`.
    public static final String RULE = "must be on one line, without invisible characters";

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
    /// @throws InvalidValueException if it is blank or too long, has several lines, or invisible
    ///     characters
    public static String require(String name, String text, int most) {
        if (text.isBlank()) {
            throw new InvalidValueException(name, "must not be blank");
        }
        if (text.length() > most) {
            throw new InvalidValueException(name, "must have at most " + most + " characters");
        }
        if (!SINGLE_LINE.matcher(text).matches()) {
            throw new InvalidValueException(name, RULE);
        }
        return text;
    }
}
