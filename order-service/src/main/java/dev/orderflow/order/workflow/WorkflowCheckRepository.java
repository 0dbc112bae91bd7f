package dev.orderflow.order.workflow;

import dev.orderflow.defaults.database.IntervalSeconds;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/// Which orders' workflow executions are due to be looked up, and their status. Each call is a
/// short transaction of its own.
@Component
class WorkflowCheckRepository {

    /// Longer than an instance takes for its batch. If it stops, another instance continues after
    /// it.
    private static final Duration CLAIM_DURATION = Duration.ofMinutes(5);

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;

    WorkflowCheckRepository(JdbcClient jdbc, TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /// An order whose workflow is to be checked.
    ///
    /// @param failures how often that failed since it last succeeded
    record DueCheck(UUID orderId, int failures) {}

    /// Claims orders without any report of their workflow, those that have been due longest first.
    /// No other instance claims them for a while.
    ///
    /// Left out are orders whose event still is in the outbox, and orders so old that Step
    /// Functions may have deleted their execution.
    ///
    /// @param minAge the age from which an order is checked
    /// @param maxAge the age from which its execution may be deleted
    List<DueCheck> claim(Duration minAge, Duration maxAge, int limit) {
        return transactions.execute(
                _ -> {
                    disableNestedLoops();
                    return claimInTransaction(minAge, maxAge, limit);
                });
    }

    private List<DueCheck> claimInTransaction(Duration minAge, Duration maxAge, int limit) {
        // Each instance inserts in the sequence of the ids, so that two cannot deadlock.
        return jdbc.sql(
                        """
                        WITH due AS (
                            SELECT orders.id,
                                   coalesce(earlier.next_check_at,
                                            orders.placed_at + make_interval(secs => :minAge)) AS due_at
                              FROM orders LEFT JOIN workflow_check AS earlier ON earlier.order_id = orders.id
                             WHERE NOT orders.is_final
                               AND orders.state IN ('PENDING', 'CANCEL_REQUESTED')
                               AND orders.placed_at < now() - make_interval(secs => :minAge)
                               AND orders.placed_at > now() - make_interval(secs => :maxAge)
                               AND (earlier.next_check_at IS NULL OR earlier.next_check_at <= now())
                               AND NOT EXISTS (SELECT FROM outbox
                                                WHERE event_key = orders.id::text AND event_type = 'OrderCreated')
                               AND NOT EXISTS (SELECT FROM outbox_parked
                                                WHERE event_key = orders.id::text AND event_type = 'OrderCreated')
                             ORDER BY due_at, orders.id LIMIT :limit),
                        claimed AS (
                            INSERT INTO workflow_check AS checked (order_id, next_check_at)
                            SELECT id, now() + make_interval(secs => :claim) FROM due
                             ORDER BY id
                            ON CONFLICT (order_id) DO UPDATE SET next_check_at = excluded.next_check_at
                             WHERE checked.next_check_at <= now()
                            RETURNING order_id, failures)
                        SELECT claimed.order_id, claimed.failures
                          FROM claimed JOIN due ON due.id = claimed.order_id
                         ORDER BY due.due_at, due.id
                        """)
                .param("claim", IntervalSeconds.of(CLAIM_DURATION))
                .param("minAge", IntervalSeconds.of(minAge))
                .param("maxAge", IntervalSeconds.of(maxAge))
                .param("limit", limit)
                .query(
                        (row, _) ->
                                new DueCheck(
                                        row.getObject("order_id", UUID.class),
                                        row.getInt("failures")))
                .list();
    }

    /// Gives up the claim of orders that were not checked: they are due at once.
    void release(Collection<UUID> orderIds) {
        if (orderIds.isEmpty()) {
            return;
        }
        jdbc.sql("UPDATE workflow_check SET next_check_at = now() WHERE order_id = ANY (:orders)")
                .param("orders", orderIds.toArray(UUID[]::new))
                .update();
    }

    /// Records that a claimed check failed, and when to repeat it. The status stays that of the
    /// last check that succeeded.
    void recordFailure(DueCheck check, Duration nextCheck) {
        jdbc.sql(
                        """
                        UPDATE workflow_check
                           SET next_check_at = now() + make_interval(secs => :nextCheck), failures = :failures
                         WHERE order_id = :order
                        """)
                .param("order", check.orderId())
                .param("nextCheck", IntervalSeconds.of(nextCheck))
                .param("failures", check.failures() + 1)
                .update();
    }

    /// Records the status of an execution, and when to look it up again.
    void recordStatus(UUID orderId, String status, Duration nextCheck) {
        jdbc.sql(
                        """
                        INSERT INTO workflow_check (order_id, next_check_at, execution_status, checked_at)
                        VALUES (:order, now() + make_interval(secs => :nextCheck), :status, now())
                        ON CONFLICT (order_id) DO UPDATE
                           SET next_check_at = excluded.next_check_at,
                               execution_status = excluded.execution_status,
                               checked_at = excluded.checked_at,
                               failures = 0
                        """)
                .param("order", orderId)
                .param("status", status)
                .param("nextCheck", IntervalSeconds.of(nextCheck))
                .update();
    }

    /// Records that a missing workflow was started.
    ///
    /// @return false when another instance recorded it before
    boolean recordStart(UUID orderId, Duration nextCheck) {
        return jdbc.sql(
                                """
                                INSERT INTO workflow_check AS checked
                                       (order_id, next_check_at, execution_status, checked_at, started_late_at)
                                VALUES (:order, now() + make_interval(secs => :nextCheck), 'STARTED', now(), now())
                                ON CONFLICT (order_id) DO UPDATE
                                   SET next_check_at = excluded.next_check_at,
                                       execution_status = excluded.execution_status,
                                       checked_at = excluded.checked_at,
                                       started_late_at = excluded.started_late_at
                                 WHERE checked.started_late_at IS NULL
                                """)
                        .param("order", orderId)
                        .param("nextCheck", IntervalSeconds.of(nextCheck))
                        .update()
                == 1;
    }

    /// Deletes the rows of final orders, which are those of no open order: only open orders have an
    /// index of their own.
    void deleteFinal() {
        transactions.executeWithoutResult(
                _ -> {
                    disableNestedLoops();
                    jdbc.sql(
                                    """
                                    DELETE FROM workflow_check
                                     WHERE NOT EXISTS (SELECT FROM orders
                                                        WHERE orders.id = order_id AND NOT orders.is_final)
                                    """)
                            .update();
                });
    }

    /// Until the transaction ends, each table is read once. While events cannot be published, the
    /// orders to check and the outbox grow faster than Postgres analyzes them. By a plan made for
    /// empty tables it would read the whole outbox for each order.
    private void disableNestedLoops() {
        jdbc.sql("SET LOCAL enable_nestloop = off").update();
    }
}
