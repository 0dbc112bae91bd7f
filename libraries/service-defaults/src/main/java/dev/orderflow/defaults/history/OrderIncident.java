package dev.orderflow.defaults.history;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An attempt to work on an order that failed, was repeated, or waited.
///
/// @param subject what it was about: the id of a message, a call, or a dependency; it may be empty
/// @param detail one sentence without payload, the same whenever the same happens
/// @param from when it began
/// @param until when it ended
/// @param traceId the trace in which it happened; null when there is none
record OrderIncident(
        UUID orderId,
        OrderIncidentType type,
        String subject,
        String detail,
        Instant from,
        Instant until,
        @Nullable String traceId) {

    private static final int MAX_SUBJECT = 200;
    private static final int MAX_DETAIL = 300;

    OrderIncident {
        subject = clean(subject, MAX_SUBJECT);
        detail = clean(detail, MAX_DETAIL);
    }

    /// One line without control characters, which Postgres or a terminal would not accept.
    private static String clean(String text, int length) {
        var line = text.replaceAll("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]", " ").strip();
        return line.length() <= length ? line : line.substring(0, length);
    }

    /// Incidents with the same key are stored in one row.
    record IncidentKey(UUID orderId, OrderIncidentType type, String subject, String detail) {}

    IncidentKey key() {
        return new IncidentKey(orderId, type, subject, detail);
    }
}
