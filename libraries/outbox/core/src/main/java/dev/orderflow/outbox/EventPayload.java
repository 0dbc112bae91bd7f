package dev.orderflow.outbox;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// The content of an event.
///
/// @param bytes at least one; not copied, so do not change them
/// @param contentType the media type, for example `application/json`
public record EventPayload(byte[] bytes, String contentType) {

    /// The media type of JSON, which is always UTF-8.
    public static final String JSON = "application/json";

    public EventPayload {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("payload must not be empty");
        }
        EventTexts.require("content type", contentType, 255);
    }

    /// A payload of JSON.
    ///
    /// @param json one JSON value; not checked here
    public static EventPayload json(String json) {
        return new EventPayload(json.getBytes(StandardCharsets.UTF_8), JSON);
    }

    /// Its length in bytes.
    public int size() {
        return bytes.length;
    }

    /// Whether the bytes are UTF-8 text by the content type: JSON, XML or `text/…`.
    public boolean isText() {
        var type = contentType.toLowerCase(Locale.ROOT);
        int end = type.indexOf(';');
        var media = (end < 0 ? type : type.substring(0, end)).strip();
        return media.equals(JSON)
                || media.endsWith("+json")
                || media.startsWith("text/")
                || media.equals("application/xml")
                || media.endsWith("+xml");
    }

    /// The bytes as UTF-8 text.
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EventPayload(var otherBytes, var otherType)
                && Arrays.equals(bytes, otherBytes)
                && contentType.equals(otherType);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bytes) + contentType.hashCode();
    }

    /// Leaves the content out.
    @Override
    public String toString() {
        return "%d bytes of %s".formatted(bytes.length, contentType);
    }
}
