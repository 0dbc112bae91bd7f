package dev.orderflow.notification.history;

import dev.orderflow.defaults.history.OrderHistory;
import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.OrderHistoryMarks;
import dev.orderflow.defaults.history.OrderHistoryOutcome;
import dev.orderflow.defaults.history.OrderIncidents;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Reads the history of an order's notifications.
@Component
class NotificationHistoryQueries {

    private static final String SERVICE = "notification-service";

    private final JdbcClient jdbc;
    private final OrderIncidents incidents;

    NotificationHistoryQueries(JdbcClient jdbc, OrderIncidents incidents) {
        this.jdbc = jdbc;
        this.incidents = incidents;
    }

    OrderHistory find(UUID orderId) {
        var entries =
                new ArrayList<>(
                        jdbc
                                .sql(
                                        """
                                        SELECT id, event_type, channel, state, claimed_at, updated_at,
                                               coalesce(resolved_by_name, resolved_by) AS resolved_by
                                        FROM notification WHERE order_id = :order ORDER BY id LIMIT :limit
                                        """)
                                .param("order", orderId)
                                .param("limit", OrderHistory.MAX_ENTRIES)
                                .query((row, _) -> entries(row))
                                .list()
                                .stream()
                                .flatMap(stream -> stream)
                                .toList());
        entries.addAll(incidents.find(orderId));
        return OrderHistory.of(List.of(), entries);
    }

    private static Stream<OrderHistoryEntry> entries(ResultSet row) throws SQLException {
        var eventType = row.getString("event_type");
        boolean isEmail = row.getString("channel").equals("EMAIL");
        var resolvedBy = row.getString("resolved_by");
        var state = resolvedBy == null ? row.getString("state") : "UNKNOWN";
        var claimedAt = instant(row, "claimed_at");
        var updatedAt = instant(row, "updated_at");
        var what =
                "%s about %s"
                        .formatted(
                                isEmail ? "The e-mail" : "The message to subscribers", eventType);
        var sent =
                OrderHistoryEntry.of(
                                claimedAt,
                                SERVICE,
                                isEmail ? "EMAIL" : "TOPIC_MESSAGE",
                                switch (state) {
                                    case "SENT", "SUPERSEDED" -> OrderHistoryOutcome.DONE;
                                    case "CLAIMED" -> OrderHistoryOutcome.WAITING;
                                    default -> OrderHistoryOutcome.UNKNOWN;
                                },
                                switch (state) {
                                    case "SENT" -> what + " was sent.";
                                    case "SUPERSEDED" ->
                                            what
                                                    + " was omitted: one about a later event was sent first.";
                                    case "CLAIMED" ->
                                            what + " is being sent, or its sender has crashed.";
                                    default ->
                                            what
                                                    + " may have been sent or not; it is not sent again.";
                                })
                        .until(
                                state.equals("CLAIMED")
                                                || resolvedBy != null
                                                || updatedAt.equals(claimedAt)
                                        ? null
                                        : updatedAt)
                        .withId("notificationId", row.getString("id"))
                        .after(OrderHistoryMarks.published(eventType));
        return resolvedBy == null
                ? Stream.of(sent)
                : Stream.of(
                        sent,
                        OrderHistoryEntry.of(
                                        updatedAt,
                                        "operator",
                                        "EMAIL_RESOLVED",
                                        OrderHistoryOutcome.DONE,
                                        "%s made sure that the customer is informed about %s."
                                                .formatted(resolvedBy, eventType))
                                .withId("notificationId", row.getString("id")));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
