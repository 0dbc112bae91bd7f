package dev.orderflow.order.workflow;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Which orders' workflows are to be looked for, and what was found. Each call is a short
/// transaction of its own.
@Component
class WorkflowCheckRepository {

    /// Longer than an instance takes for its batch. When it dies, another takes over after that.
    private static final Duration CLAIM_DURATION = Duration.ofMinutes(5);

    private final JdbcClient jdbc;

    WorkflowCheckRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Takes orders that nothing was heard of since they were placed, the oldest first. No
    /// other instance gets them for a while.
    ///
    /// Not those whose event is in the outbox still, and not those so old that Step Functions
    /// may have forgotten an execution of theirs.
    ///
    /// @param after how long they are left to their event
    /// @param forgotten how old an order is whose execution may be forgotten
    List<UUID> claim(Duration after, Duration forgotten, int limit) {
        return jdbc.sql(
                        """
                        INSERT INTO workflow_check AS checked (order_id, not_before)
                        SELECT orders.id, now() + make_interval(secs => :claim)
                          FROM orders LEFT JOIN workflow_check AS before ON before.order_id = orders.id
                         WHERE orders.state IN ('PENDING', 'CANCEL_REQUESTED')
                           AND orders.placed_at < now() - make_interval(secs => :after)
                           AND orders.placed_at > now() - make_interval(secs => :forgotten)
                           AND (before.not_before IS NULL OR before.not_before <= now())
                           AND NOT EXISTS (SELECT FROM outbox
                                            WHERE event_key = orders.id::text AND event_type = 'OrderCreated')
                           AND NOT EXISTS (SELECT FROM outbox_parked
                                            WHERE event_key = orders.id::text AND event_type = 'OrderCreated')
                         ORDER BY orders.id LIMIT :limit
                        ON CONFLICT (order_id) DO UPDATE SET not_before = excluded.not_before
                           WHERE checked.not_before <= now()
                        RETURNING order_id
                        """)
                .param("claim", seconds(CLAIM_DURATION))
                .param("after", seconds(after))
                .param("forgotten", seconds(forgotten))
                .param("limit", limit)
                .query((row, _) -> row.getObject("order_id", UUID.class))
                .list();
    }

    /// Notes what was found, and when to look again.
    void recordStatus(UUID orderId, String found, Duration again) {
        jdbc.sql(
                        """
                        INSERT INTO workflow_check (order_id, not_before, found, found_at)
                        VALUES (:order, now() + make_interval(secs => :again), :found, now())
                        ON CONFLICT (order_id) DO UPDATE
                           SET not_before = excluded.not_before, found = excluded.found,
                               found_at = excluded.found_at
                        """)
                .param("order", orderId)
                .param("found", found)
                .param("again", seconds(again))
                .update();
    }

    /// Notes that the workflow was started.
    ///
    /// @return false when another instance noted it before
    boolean recordStart(UUID orderId, Duration again) {
        return jdbc.sql(
                                """
                                INSERT INTO workflow_check AS checked
                                       (order_id, not_before, found, found_at, started_at)
                                VALUES (:order, now() + make_interval(secs => :again), 'STARTED', now(), now())
                                ON CONFLICT (order_id) DO UPDATE
                                   SET not_before = excluded.not_before, found = excluded.found,
                                       found_at = excluded.found_at, started_at = excluded.started_at
                                 WHERE checked.started_at IS NULL
                                """)
                        .param("order", orderId)
                        .param("again", seconds(again))
                        .update()
                == 1;
    }

    /// Forgets orders that have ended.
    void deleteFinal() {
        jdbc.sql(
                        """
                        DELETE FROM workflow_check USING orders
                         WHERE orders.id = order_id
                           AND orders.state IN ('SHIPPED', 'REJECTED', 'CANCELLED')
                        """)
                .update();
    }

    /// Whether an order was before a person for its workflow.
    boolean hasWorkItem(UUID orderId) {
        return jdbc.sql(
                        """
                        SELECT EXISTS (SELECT FROM work_item WHERE order_id = :order
                                          AND kind IN ('WORKFLOW_FAILED', 'COMPENSATION_FAILED'))
                        """)
                .param("order", orderId)
                .query(Boolean.class)
                .single();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
