package dev.orderflow.payment.persistence;

import dev.orderflow.defaults.database.IntervalSeconds;
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
    public void register(UUID orderId, Duration firstCheck) {
        jdbc.sql(
                        """
                        INSERT INTO unknown_outcome (order_id, unknown_since, requested_at, next_check_at, checks)
                        VALUES (:order, clock_timestamp(), clock_timestamp(),
                                clock_timestamp() + make_interval(secs => :delay), 0)
                        ON CONFLICT (order_id) DO UPDATE
                        SET requested_at = excluded.requested_at, next_check_at = excluded.next_check_at, checks = 0
                        """)
                .param("order", orderId)
                .param("delay", IntervalSeconds.of(firstCheck))
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
                .param("delay", IntervalSeconds.of(delay))
                .update();
    }

    @Override
    public void remove(UUID orderId) {
        jdbc.sql("DELETE FROM unknown_outcome WHERE order_id = :order")
                .param("order", orderId)
                .update();
    }

    @Override
    public List<UUID> claimDue(int limit, Duration initialBackoff, Duration maxBackoff) {
        return jdbc.sql(
                        """
                        WITH due AS (
                            SELECT order_id FROM unknown_outcome
                            WHERE next_check_at <= clock_timestamp()
                            ORDER BY next_check_at
                            LIMIT :limit
                            FOR UPDATE SKIP LOCKED
                        )
                        UPDATE unknown_outcome AS unknown
                        SET checks = unknown.checks + 1,
                            next_check_at = clock_timestamp()
                                + make_interval(secs => least(:max, :initial * power(2, least(unknown.checks, 20))))
                        FROM due
                        WHERE unknown.order_id = due.order_id
                        RETURNING unknown.order_id
                        """)
                .param("limit", limit)
                .param("initial", IntervalSeconds.of(initialBackoff))
                .param("max", IntervalSeconds.of(maxBackoff))
                .query((row, _) -> row.getObject("order_id", UUID.class))
                .list();
    }

    @Override
    public boolean isOverdue(UUID orderId, Duration assumeNotDoneAfter) {
        return jdbc.sql(
                                """
                        SELECT count(*) FROM unknown_outcome
                        WHERE order_id = :order
                          AND requested_at < clock_timestamp() - make_interval(secs => :age)
                        """)
                        .param("order", orderId)
                        .param("age", IntervalSeconds.of(assumeNotDoneAfter))
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
                .param("age", IntervalSeconds.of(age))
                .query(Long.class)
                .single();
    }
}
