package dev.orderflow.order.workitems;

import dev.orderflow.contracts.value.OperatorName;
import dev.orderflow.order.domain.WorkItemKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Queries and resolution of work items.
@Component
class WorkItems {

    private final JdbcClient jdbc;

    WorkItems(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// An order that an operator must look at, and why.
    ///
    /// @param state the current state of the order
    /// @param resolvedBy the operator who resolved it; absent while it is open
    record WorkItem(
            UUID id,
            UUID orderId,
            WorkItemKind kind,
            String reason,
            String state,
            Instant openedAt,
            @Nullable Instant resolvedAt,
            @Nullable String resolvedBy,
            @Nullable String note) {}

    /// The open items, oldest first.
    ///
    /// @param kind returns items of this kind only; null for all kinds
    /// @param after the last item of the previous page; null for the first page
    List<WorkItem> findOpen(@Nullable WorkItemKind kind, @Nullable UUID after, int limit) {
        return jdbc.sql(
                        """
                        SELECT item.*, orders.state FROM work_item AS item
                          JOIN orders ON orders.id = item.order_id
                         WHERE resolved_at IS NULL
                           AND (:kind::text IS NULL OR kind = :kind)
                           AND (:after::uuid IS NULL OR (opened_at, item.id) >
                               (SELECT opened_at, id FROM work_item WHERE id = :after))
                         ORDER BY opened_at, item.id LIMIT :limit
                        """)
                .param("kind", kind == null ? null : kind.name())
                .param("after", after)
                .param("limit", limit)
                .query((row, _) -> item(row))
                .list();
    }

    Optional<WorkItem> find(UUID id) {
        return jdbc.sql(
                        """
                        SELECT item.*, orders.state FROM work_item AS item
                          JOIN orders ON orders.id = item.order_id
                         WHERE item.id = :id
                        """)
                .param("id", id)
                .query((row, _) -> item(row))
                .optional();
    }

    /// Resolves an item that is open.
    ///
    /// @return false when it was resolved before
    boolean resolve(WorkItem item, OperatorName operator, String note) {
        return jdbc.sql(
                                """
                                UPDATE work_item
                                   SET resolved_at = now(), resolved_by = :operator, note = :note
                                 WHERE id = :id AND resolved_at IS NULL
                                """)
                        .param("operator", operator.value())
                        .param("note", note)
                        .param("id", item.id())
                        .update()
                == 1;
    }

    /// The number of open items of each kind.
    Map<WorkItemKind, Long> countOpenByKind() {
        var counts = new EnumMap<WorkItemKind, Long>(WorkItemKind.class);
        jdbc.sql(
                        """
                        SELECT kind, count(*) AS open FROM work_item
                         WHERE resolved_at IS NULL GROUP BY kind
                        """)
                .query(
                        (RowCallbackHandler)
                                row ->
                                        counts.put(
                                                WorkItemKind.valueOf(row.getString("kind")),
                                                row.getLong("open")));
        return counts;
    }

    private static WorkItem item(ResultSet row) throws SQLException {
        var resolvedAt = row.getTimestamp("resolved_at");
        return new WorkItem(
                row.getObject("id", UUID.class),
                row.getObject("order_id", UUID.class),
                WorkItemKind.valueOf(row.getString("kind")),
                row.getString("reason"),
                row.getString("state"),
                row.getTimestamp("opened_at").toInstant(),
                resolvedAt == null ? null : resolvedAt.toInstant(),
                row.getString("resolved_by"),
                row.getString("note"));
    }
}
