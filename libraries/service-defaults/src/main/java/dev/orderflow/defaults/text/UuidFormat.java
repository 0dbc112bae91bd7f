package dev.orderflow.defaults.text;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// How an id is written, wherever a text that somebody else wrote may hold one.
///
/// Java's own [UUID#fromString] also takes `1-1-1-1-1` and reads another id from it.
public final class UuidFormat {

    /// The 36 characters of [RFC 9562, 4](https://www.rfc-editor.org/rfc/rfc9562#section-4), in
    /// either case, as a regular expression without groups.
    public static final String REGEX = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    private static final Pattern PATTERN = Pattern.compile(REGEX);

    private UuidFormat() {}

    /// The id that a text is; none when it is anything else.
    public static Optional<UUID> parse(String text) {
        return PATTERN.matcher(text).matches()
                ? Optional.of(UUID.fromString(text))
                : Optional.empty();
    }
}
