package dev.orderflow.order.workitems;

import dev.orderflow.order.domain.WorkItemKind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Finds orders that made no progress for longer than their state allows. Progress is a move,
/// the workflow's question for a decision, the decision, and a start of the workflow that was
/// lost. Two instances that look at the same moment raise the same item once.
@Component
class StuckOrderDetector {

    /// An outage leaves thousands; each look takes some, the oldest first.
    private static final int BATCH = 200;

    private final JdbcClient jdbc;
    private final WorkItemService workItems;
    private final StuckOrderProperties properties;

    StuckOrderDetector(
            JdbcClient jdbc, WorkItemService attention, StuckOrderProperties properties) {
        this.jdbc = jdbc;
        this.workItems = attention;
        this.properties = properties;
    }

    private record StuckOrder(UUID orderId, String state, Instant since, String waitsFor) {

        String reason() {
            return "%s since %s: waits for %s"
                    .formatted(state, since.truncatedTo(ChronoUnit.SECONDS), waitsFor);
        }
    }

    /// Raises an item for each.
    ///
    /// @return how many were new
    int raiseWorkItems() {
        int raised = 0;
        for (var standstill : findStuckOrders()) {
            if (workItems.raise(standstill.orderId(), WorkItemKind.STUCK, standstill.reason())) {
                raised++;
            }
        }
        return raised;
    }

    private List<StuckOrder> findStuckOrders() {
        return jdbc.sql(
                        """
                        SELECT * FROM (
                            SELECT orders.id, orders.state,
                                   greatest(moved.latest, orders.placed_at, asked.asked_at,
                                            asked.decided_at, checked.started_at) AS since,
                                   CASE
                                     WHEN EXISTS (SELECT FROM outbox_parked WHERE event_key = orders.id::text)
                                       THEN 'an event that was given up to be released'
                                     WHEN EXISTS (SELECT FROM outbox WHERE event_key = orders.id::text)
                                       THEN 'its event to be published'
                                     WHEN asked.order_id IS NOT NULL AND asked.decided_at IS NULL
                                       THEN 'a decision about it'
                                     WHEN checked.found = 'MISSING' AND checked.started_at IS NULL
                                       THEN 'its workflow to be started'
                                     WHEN orders.state IN ('CONFIRMED', 'DISPATCHING')
                                       THEN 'the carrier to take it'
                                     ELSE 'its workflow to report'
                                   END AS waits_for,
                                   CASE
                                     WHEN asked.order_id IS NOT NULL AND asked.decided_at IS NULL THEN :approval
                                     WHEN orders.state = 'PENDING' THEN :pending
                                     WHEN orders.state = 'CONFIRMED' THEN :confirmed
                                     WHEN orders.state = 'DISPATCHING' THEN :dispatching
                                     ELSE :cancelRequested
                                   END AS allowed_seconds
                              FROM orders
                              LEFT JOIN approval AS asked ON asked.order_id = orders.id
                              LEFT JOIN workflow_check AS checked ON checked.order_id = orders.id
                              LEFT JOIN LATERAL (
                                  SELECT max(recorded_at) AS latest FROM order_transition
                                   WHERE order_id = orders.id AND effect = 'MOVED') AS moved ON true
                             WHERE orders.state IN ('PENDING', 'CONFIRMED', 'DISPATCHING', 'CANCEL_REQUESTED')
                               AND NOT EXISTS (
                                   SELECT FROM work_item WHERE order_id = orders.id
                                      AND kind = 'STUCK' AND resolved_at IS NULL)) AS open_order
                         WHERE since < now() - make_interval(secs => allowed_seconds)
                         ORDER BY id LIMIT :batch
                        """)
                .param("approval", seconds(properties.approval()))
                .param("pending", seconds(properties.pending()))
                .param("confirmed", seconds(properties.confirmed()))
                .param("dispatching", seconds(properties.dispatching()))
                .param("cancelRequested", seconds(properties.cancelRequested()))
                .param("batch", BATCH)
                .query(
                        (row, _) ->
                                new StuckOrder(
                                        row.getObject("id", UUID.class),
                                        row.getString("state"),
                                        row.getTimestamp("since").toInstant(),
                                        row.getString("waits_for")))
                .list();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
