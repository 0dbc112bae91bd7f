package dev.orderflow.order.relay;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What alarms look at: how much waits, for how long, and what was given up. Every instance tells
/// the same, so take the maximum, not the sum.
class OutboxMeters implements MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(OutboxMeters.class);

    /// The gauges are read together; one question to the database serves them all.
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final JdbcClient jdbc;
    private OutboxSnapshot latest = OutboxSnapshot.UNKNOWN;
    private long askedAt = System.nanoTime() - FRESH.toNanos();

    OutboxMeters(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        gauge("outbox.depth", "events that wait to be published", OutboxSnapshot::depth, meters);
        Gauge.builder("outbox.oldest.age", this, it -> it.snapshot().oldestAge())
                .description("how long the oldest of them has waited")
                .baseUnit("seconds")
                .register(meters);
        gauge(
                "outbox.parked",
                "events given up until a person looks",
                OutboxSnapshot::parked,
                meters);
        gauge(
                "outbox.blocked",
                "orders whose events EventBridge does not take until access or configuration changes",
                OutboxSnapshot::blocked,
                meters);
    }

    private void gauge(
            String name,
            String description,
            ToDoubleFunction<OutboxSnapshot> value,
            MeterRegistry meters) {
        Gauge.builder(name, this, it -> value.applyAsDouble(it.snapshot()))
                .description(description)
                .register(meters);
    }

    private record OutboxSnapshot(double depth, double oldestAge, double parked, double blocked) {

        static final OutboxSnapshot UNKNOWN =
                new OutboxSnapshot(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }

    private synchronized OutboxSnapshot snapshot() {
        long now = System.nanoTime();
        if (now - askedAt >= FRESH.toNanos()) {
            latest = measure();
            askedAt = System.nanoTime();
        }
        return latest;
    }

    private OutboxSnapshot measure() {
        try {
            return jdbc.sql(
                            """
                            SELECT (SELECT count(*) FROM outbox) AS depth,
                                   coalesce(extract(epoch FROM now() - (
                                       SELECT added_at FROM outbox ORDER BY id LIMIT 1)), 0) AS oldest_age,
                                   (SELECT count(*) FROM outbox_parked) AS parked,
                                   (SELECT count(*) FROM outbox_retry WHERE is_blocked) AS blocked
                            """)
                    .query(
                            (row, _) ->
                                    new OutboxSnapshot(
                                            row.getDouble("depth"),
                                            row.getDouble("oldest_age"),
                                            row.getDouble("parked"),
                                            row.getDouble("blocked")))
                    .single();
        } catch (DataAccessException away) {
            log.info("outbox meters: database query failed: {}", away.getMessage());
            return OutboxSnapshot.UNKNOWN;
        }
    }
}
