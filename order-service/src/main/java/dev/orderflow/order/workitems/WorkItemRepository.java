package dev.orderflow.order.workitems;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.order.domain.WorkItemKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// All SQL that reads or changes work items.
@Component
public class WorkItemRepository {

    /// Resolves the work items of the order `:id` that its transition from the state `:from` ends;
    /// `:isFinal` is whether it ends in a final state. A part of the statement that moves the
    /// order.
    public static final String RESOLVE_AT_TRANSITION =
            """
            UPDATE work_item
               SET resolved_at = now(), resolved_by = 'transition of the order'
             WHERE order_id = :id AND resolved_at IS NULL
               AND (kind = 'STUCK' OR kind = 'WORKFLOW_FAILED' AND :isFinal)
               AND EXISTS (SELECT FROM orders WHERE id = :id AND state = :from)
            """;

    private final JdbcClient jdbc;

    WorkItemRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// An order that an operator must look at, and why.
    ///
    /// @param state the current state of the order
    /// @param resolvedBy the subject of the operator who resolved it, or what the system did;
    ///     absent while it is open
    /// @param resolvedByName the name of the operator
    record WorkItem(
            UUID id,
            UUID orderId,
            WorkItemKind kind,
            String reason,
            String state,
            Instant openedAt,
            @Nullable Instant resolvedAt,
            @Nullable String resolvedBy,
            @Nullable String resolvedByName,
            @Nullable String note) {}

    /// Opens a work item, or replaces the reason of the open one of this kind.
    ///
    /// @return false when nothing changed
    boolean open(UUID orderId, WorkItemKind kind, String reason) {
        return jdbc.sql(
                                """
                                WITH locked AS (
                                    SELECT id, is_final FROM orders WHERE id = :id FOR NO KEY UPDATE)
                                INSERT INTO work_item AS item (id, order_id, kind, reason)
                                SELECT :item, id, :kind, :reason FROM locked
                                 WHERE :kind <> 'STUCK' OR NOT is_final
                                ON CONFLICT (order_id, kind) WHERE resolved_at IS NULL
                                DO UPDATE SET reason = excluded.reason
                                    WHERE item.reason <> excluded.reason
                                """)
                        .param("item", UUID.randomUUID())
                        .param("kind", kind.name())
                        .param("reason", reason)
                        .param("id", orderId)
                        .update()
                == 1;
    }

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
    boolean resolve(WorkItem item, Operator operator, String note) {
        return jdbc.sql(
                                """
                                UPDATE work_item
                                   SET resolved_at = now(), resolved_by = :operator,
                                       resolved_by_name = :name, note = :note
                                 WHERE id = :id AND resolved_at IS NULL
                                """)
                        .param("operator", operator.subject())
                        .param("name", operator.name())
                        .param("note", note)
                        .param("id", item.id())
                        .update()
                == 1;
    }

    /// Resolves the items of orders whose parked events were released.
    public void resolveParked(Collection<UUID> orderIds) {
        jdbc.sql(
                        """
                        UPDATE work_item
                           SET resolved_at = now(), resolved_by = 'parked events released'
                         WHERE order_id = ANY (:orders)
                           AND kind = 'EVENT_PARKED' AND resolved_at IS NULL
                        """)
                .param("orders", orderIds.toArray(UUID[]::new))
                .update();
    }

    /// Whether an order has or had a work item for a failed workflow.
    public boolean hasFailedWorkflow(UUID orderId) {
        return jdbc.sql(
                        """
                        SELECT EXISTS (SELECT FROM work_item WHERE order_id = :order
                                          AND kind IN ('WORKFLOW_FAILED', 'COMPENSATION_FAILED'))
                        """)
                .param("order", orderId)
                .query(Boolean.class)
                .single();
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
                row.getString("resolved_by_name"),
                row.getString("note"));
    }
}
