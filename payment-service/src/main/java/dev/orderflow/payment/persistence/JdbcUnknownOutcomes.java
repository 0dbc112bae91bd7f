package dev.orderflow.payment.persistence;

import dev.orderflow.payment.operation.UnknownOutcomes;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcUnknownOutcomes implements UnknownOutcomes {

    private final JdbcClient jdbc;

    JdbcUnknownOutcomes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void register(UUID orderId, Duration firstAsk) {
        jdbc.sql(
                        """
                        INSERT INTO unknown_outcome (order_id, unknown_since, requested_at, next_check_at, checks)
                        VALUES (:order, clock_timestamp(), clock_timestamp(),
                                clock_timestamp() + make_interval(secs => :delay), 0)
                        ON CONFLICT (order_id) DO UPDATE
                        SET requested_at = excluded.requested_at, next_check_at = excluded.next_check_at, checks = 0
                        """)
                .param("order", orderId)
                .param("delay", seconds(firstAsk))
                .update();
    }

    @Override
    public void scheduleStatusCheck(UUID orderId, Duration delay) {
        jdbc.sql(
                        """
                        UPDATE unknown_outcome
                        SET next_check_at = clock_timestamp() + make_interval(secs => :delay)
                        WHERE order_id = :order
                        """)
                .param("order", orderId)
                .param("delay", seconds(delay))
                .update();
    }

    @Override
    public void remove(UUID orderId) {
        jdbc.sql("DELETE FROM unknown_outcome WHERE order_id = :order")
                .param("order", orderId)
                .update();
    }

    @Override
    public List<DueOutcome> claimDue(
            int limit, Duration firstWait, Duration longestWait, Duration believeAfter) {
        return jdbc.sql(
                        """
                        WITH due AS (
                            SELECT order_id FROM unknown_outcome
                            WHERE next_check_at <= clock_timestamp()
                            ORDER BY next_check_at
                            LIMIT :limit
                            FOR UPDATE SKIP LOCKED
                        )
                        UPDATE unknown_outcome open
                        SET checks = open.checks + 1,
                            next_check_at = clock_timestamp()
                                + make_interval(secs => least(:longest, :first * power(2, least(open.checks, 20))))
                        FROM due
                        WHERE open.order_id = due.order_id
                        RETURNING open.order_id,
                                  open.requested_at < clock_timestamp() - make_interval(secs => :believe) AS overdue
                        """)
                .param("limit", limit)
                .param("first", seconds(firstWait))
                .param("longest", seconds(longestWait))
                .param("believe", seconds(believeAfter))
                .query(
                        (row, _) ->
                                new DueOutcome(
                                        row.getObject("order_id", UUID.class),
                                        row.getBoolean("overdue")))
                .list();
    }

    @Override
    public boolean isOverdue(UUID orderId, Duration believeAfter) {
        return jdbc.sql(
                                """
                        SELECT count(*) FROM unknown_outcome
                        WHERE order_id = :order
                          AND requested_at < clock_timestamp() - make_interval(secs => :believe)
                        """)
                        .param("order", orderId)
                        .param("believe", seconds(believeAfter))
                        .query(Long.class)
                        .single()
                > 0;
    }

    @Override
    public long countOlderThan(Duration age) {
        return jdbc.sql(
                        """
                        SELECT count(*) FROM unknown_outcome
                        WHERE unknown_since < clock_timestamp() - make_interval(secs => :age)
                        """)
                .param("age", seconds(age))
                .query(Long.class)
                .single();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
