package dev.orderflow.operations.pages;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Texts of numbers and times on pages.
public final class PageFormat {

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private PageFormat() {}

    /// A time in UTC, which a script replaces by the time zone of the reader.
    public static String utc(Instant at) {
        return UTC.format(at);
    }

    /// A duration in its largest unit, such as `12 s`, `5 min`, `3 h` or `9 d`.
    public static String duration(Duration length) {
        long seconds = Math.max(0, length.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + " min";
        }
        return seconds < 48 * 3_600 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
    }

    /// How long ago a time was, as in [#duration].
    public static String age(Instant at, Instant now) {
        return duration(Duration.between(at, now));
    }

    /// A number with its noun, such as `1 order` or `2 orders`.
    public static String count(long number, String noun) {
        if (number == 1) {
            return number + " " + noun;
        }
        return number
                + " "
                + (noun.endsWith("ry") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s");
    }

    /// A value for the query of an address.
    public static String url(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /// The name of an enum constant or a type as words: `WORKFLOW_FAILED` is `workflow failed`.
    public static String words(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ').replace('-', ' ');
    }
}
