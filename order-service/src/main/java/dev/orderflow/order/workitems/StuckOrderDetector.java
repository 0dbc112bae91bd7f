package dev.orderflow.order.workitems;

import dev.orderflow.defaults.database.IntervalSeconds;
import dev.orderflow.defaults.scheduling.OrderBatch;
import dev.orderflow.order.domain.WorkItemKind;
import dev.orderflow.order.domain.WorkItems;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Finds orders that made no progress for longer than their state allows. Progress is a transition,
/// a request for approval, its decision, and the late start of a missing workflow. Two instances
/// that run at the same time open one work item.
@Component
class StuckOrderDetector {

    /// An outage leaves thousands of stuck orders; each run handles a batch, oldest first.
    private static final int BATCH = 200;

    private final JdbcClient jdbc;
    private final WorkItems workItems;
    private final StuckOrderProperties properties;

    StuckOrderDetector(JdbcClient jdbc, WorkItems workItems, StuckOrderProperties properties) {
        this.jdbc = jdbc;
        this.workItems = workItems;
        this.properties = properties;
    }

    private record StuckOrder(UUID orderId, String state, Instant since, String waitsFor) {

        String reason() {
            return "%s since %s: waits for %s"
                    .formatted(state, since.truncatedTo(ChronoUnit.SECONDS), waitsFor);
        }
    }

    /// Opens a work item for each stuck order.
    ///
    /// @return the number of new items
    int openWorkItems() {
        var opened = new AtomicInteger();
        OrderBatch.forEach(
                findStuckOrders(),
                StuckOrder::orderId,
                "opening its work item",
                stuck -> {
                    if (workItems.open(stuck.orderId(), WorkItemKind.STUCK, stuck.reason())) {
                        opened.incrementAndGet();
                    }
                });
        return opened.get();
    }

    /// The events of the stuck orders are found by one pass over the outbox, which has no index by
    /// order: `IS TRUE` keeps Postgres from joining, which by a plan made for an empty outbox would
    /// read the whole outbox for each order.
    private List<StuckOrder> findStuckOrders() {
        return jdbc.sql(
                        """
                        WITH stuck AS MATERIALIZED (
                            SELECT * FROM (
                                SELECT orders.id, orders.state,
                                       greatest(moved.latest, orders.placed_at, approval.requested_at,
                                                approval.decided_at, checked.started_late_at) AS since,
                                       CASE
                                         WHEN approval.order_id IS NOT NULL AND approval.decided_at IS NULL
                                           THEN 'an approval decision'
                                         WHEN checked.execution_status = 'MISSING' AND checked.started_late_at IS NULL
                                           THEN 'its workflow to be started'
                                         WHEN orders.state IN ('CONFIRMED', 'DISPATCHING')
                                           THEN 'the carrier'
                                         ELSE 'a report of its workflow'
                                       END AS published_waits_for,
                                       CASE
                                         WHEN approval.order_id IS NOT NULL AND approval.decided_at IS NULL THEN :approval
                                         WHEN orders.state = 'PENDING' THEN :pending
                                         WHEN orders.state = 'CONFIRMED' THEN :confirmed
                                         WHEN orders.state = 'DISPATCHING' THEN :dispatching
                                         ELSE :cancelRequested
                                       END AS allowed_seconds
                                  FROM orders
                                  LEFT JOIN approval ON approval.order_id = orders.id
                                  LEFT JOIN workflow_check AS checked ON checked.order_id = orders.id
                                  LEFT JOIN LATERAL (
                                      SELECT max(recorded_at) AS latest FROM order_timeline
                                       WHERE order_id = orders.id AND effect = 'MOVED') AS moved ON true
                                 WHERE NOT orders.is_final
                                   AND NOT EXISTS (
                                       SELECT FROM work_item WHERE order_id = orders.id
                                          AND kind = 'STUCK' AND resolved_at IS NULL)) AS open_order
                             WHERE since < now() - make_interval(secs => allowed_seconds)
                             ORDER BY id LIMIT :batch),
                        unpublished AS MATERIALIZED (
                            SELECT DISTINCT event_key FROM outbox
                             WHERE (event_key IN (SELECT id::text FROM stuck)) IS TRUE),
                        parked AS MATERIALIZED (
                            SELECT DISTINCT event_key FROM outbox_parked
                             WHERE (event_key IN (SELECT id::text FROM stuck)) IS TRUE)
                        SELECT stuck.id, stuck.state, stuck.since,
                               CASE
                                 WHEN parked.event_key IS NOT NULL THEN 'the release of its parked event'
                                 WHEN unpublished.event_key IS NOT NULL THEN 'its event to be published'
                                 ELSE stuck.published_waits_for
                               END AS waits_for
                          FROM stuck
                          LEFT JOIN parked ON parked.event_key = stuck.id::text
                          LEFT JOIN unpublished ON unpublished.event_key = stuck.id::text
                         ORDER BY stuck.id
                        """)
                .param("approval", IntervalSeconds.of(properties.approval()))
                .param("pending", IntervalSeconds.of(properties.pending()))
                .param("confirmed", IntervalSeconds.of(properties.confirmed()))
                .param("dispatching", IntervalSeconds.of(properties.dispatching()))
                .param("cancelRequested", IntervalSeconds.of(properties.cancelRequested()))
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
}
