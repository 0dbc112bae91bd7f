package dev.orderflow.defaults.text;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// The textual form of UUIDs in untrusted input.
///
/// The JDK's [UUID#fromString] also accepts `1-1-1-1-1` and returns another id.
public final class UuidFormat {

    /// The 36 characters of [RFC 9562, 4](https://www.rfc-editor.org/rfc/rfc9562#section-4), in
    /// either case, as a regular expression without groups.
    public static final String REGEX = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    private static final Pattern PATTERN = Pattern.compile(REGEX);

    private UuidFormat() {}

    /// Parses a UUID; empty if the text has another form.
    public static Optional<UUID> parse(String text) {
        return PATTERN.matcher(text).matches()
                ? Optional.of(UUID.fromString(text))
                : Optional.empty();
    }
}
