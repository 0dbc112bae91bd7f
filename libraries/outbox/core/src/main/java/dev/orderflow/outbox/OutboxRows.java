package dev.orderflow.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// Reads and writes the columns that all tables of events share.
final class OutboxRows {

    private OutboxRows() {}

    /// Names and values in turn, as the column `headers` holds them.
    static String[] headers(OutboxEvent event) {
        var pairs = new String[event.headers().size() * 2];
        int next = 0;
        for (var header : event.headers().entrySet()) {
            pairs[next++] = header.getKey();
            pairs[next++] = header.getValue();
        }
        return pairs;
    }

    static OutboxEvent toEvent(ResultSet row) throws SQLException {
        return new OutboxEvent(
                row.getString("event_id"),
                row.getString("event_key"),
                row.getString("event_type"),
                new EventPayload(row.getBytes("payload"), row.getString("content_type")),
                toHeaders(row.getArray("headers").getArray()),
                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                null);
    }

    /// Names a row that [#toEvent] cannot read.
    static OutboxEvent toPlaceholder(ResultSet row) throws SQLException {
        return new OutboxEvent(
                readable(row.getString("event_id"), 255),
                readable(row.getString("event_key"), 255),
                readable(row.getString("event_type"), 128),
                EventPayload.json("null"),
                Map.of(),
                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                null);
    }

    private static String readable(String text, int maxLength) {
        var printable = text.replaceAll("\\p{Cntrl}|[\\x80-\\x9F]", "?");
        return printable.isBlank()
                ? "?"
                : printable.substring(0, Math.min(printable.length(), maxLength));
    }

    /// @throws IllegalArgumentException when the column is no list of texts
    private static Map<String, String> toHeaders(Object column) {
        if (!(column instanceof String[] pairs) || Arrays.asList(pairs).contains(null)) {
            throw new IllegalArgumentException("headers must be names and values in turn");
        }
        var headers = new TreeMap<String, String>();
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            headers.put(pairs[i], pairs[i + 1]);
        }
        return headers;
    }
}
