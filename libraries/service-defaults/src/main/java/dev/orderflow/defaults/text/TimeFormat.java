package dev.orderflow.defaults.text;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/// The textual form and the range of times in untrusted input.
///
/// The JDK's [Instant#parse] also accepts years that Postgres cannot store and from which no time
/// can be subtracted.
public final class TimeFormat {

    /// What a time must be, for callers.
    public static final String RULE =
            "must be a time between 1970 and 9999 such as 2026-11-29T08:30:00Z";

    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private TimeFormat() {}

    /// Parses a time of ISO 8601; empty if the text has another form or the time is out of range.
    public static Optional<Instant> parse(String text) {
        try {
            return Optional.of(Instant.parse(text)).filter(TimeFormat::isInRange);
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /// Whether a time is between 1970 and 9999.
    public static boolean isInRange(Instant time) {
        return !time.isBefore(Instant.EPOCH) && time.isBefore(END);
    }
}
