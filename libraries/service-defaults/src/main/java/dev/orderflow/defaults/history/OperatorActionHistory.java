package dev.orderflow.defaults.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What people requested about an order, from the table `operator_action`: for changes that leave
/// no record with a person of their own.
public final class OperatorActionHistory {

    private static final String ORDER = "{orderId}";

    private final JdbcClient jdbc;

    OperatorActionHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// The requests about an order, the earliest first.
    ///
    /// @param actions what a request asks for, by the pattern of its path with `{orderId}`; for
    ///     example `to start the workflow`
    public List<OrderHistoryEntry> find(UUID orderId, Map<String, String> actions) {
        var byPath =
                actions.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        action ->
                                                action.getKey().replace(ORDER, orderId.toString()),
                                        Map.Entry::getValue));
        return jdbc.sql(
                        """
                        SELECT recorded_at, performed_by, performed_by_name, lower(path) AS path, response_status
                        FROM operator_action WHERE lower(path) = ANY (:paths::text[])
                        ORDER BY id LIMIT :limit
                        """)
                .param("paths", byPath.keySet().toArray(String[]::new))
                .param("limit", OrderHistory.MAX_ENTRIES)
                .query((row, _) -> entry(row, byPath.getOrDefault(row.getString("path"), "")))
                .list();
    }

    private static OrderHistoryEntry entry(ResultSet row, String action) throws SQLException {
        int status = row.getInt("response_status");
        boolean isAnswered = !row.wasNull();
        return OrderHistoryEntry.of(
                        row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                        "operator",
                        "OPERATOR_REQUEST",
                        outcome(isAnswered, status),
                        "%s asked %s. %s"
                                .formatted(
                                        row.getString("performed_by_name"),
                                        action,
                                        isAnswered
                                                ? "The request was answered %d.".formatted(status)
                                                : "How the request was answered is not known."))
                .withId("operator", row.getString("performed_by"));
    }

    private static OrderHistoryOutcome outcome(boolean isAnswered, int status) {
        if (!isAnswered) {
            return OrderHistoryOutcome.UNKNOWN;
        }
        return switch (status / 100) {
            case 2 -> OrderHistoryOutcome.DONE;
            case 4 -> OrderHistoryOutcome.REFUSED;
            default -> OrderHistoryOutcome.FAILED;
        };
    }
}
