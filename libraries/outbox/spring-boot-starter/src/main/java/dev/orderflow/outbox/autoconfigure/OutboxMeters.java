package dev.orderflow.outbox.autoconfigure;

import dev.orderflow.outbox.OutboxMonitor;
import dev.orderflow.outbox.OutboxMonitor.OldestTransaction;
import dev.orderflow.outbox.OutboxMonitor.OutboxStatistics;
import dev.orderflow.outbox.OutboxTarget.TargetState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// The gauges that alarms use. Every instance reports the same values of the database, so take the
/// maximum and not the sum. They are NaN while the database does not answer.
final class OutboxMeters implements MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(OutboxMeters.class);

    /// The gauges are read together; one reading serves them all.
    private static final Duration MAX_AGE = Duration.ofSeconds(1);

    /// What is read together.
    private record OutboxReading(OutboxStatistics statistics, double oldestTransactionAge) {}

    private final OutboxMonitor monitor;
    private final ObjectProvider<OutboxRelays> relays;
    private @Nullable OutboxReading latest;
    private long measuredAt = System.nanoTime() - MAX_AGE.toNanos();

    OutboxMeters(OutboxMonitor monitor, ObjectProvider<OutboxRelays> relays) {
        this.monitor = monitor;
        this.relays = relays;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        gauge("outbox.depth", "events that wait to be published", OutboxStatistics::depth, meters);
        gauge(
                        "outbox.oldest.age",
                        "how long the oldest event has waited",
                        OutboxStatistics::oldestAgeSeconds)
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder(
                        "outbox.oldest.transaction.age",
                        this,
                        it -> it.read(OutboxReading::oldestTransactionAge))
                .description(
                        "how long a transaction of any client has kept vacuum from removing"
                                + " published events")
                .baseUnit("seconds")
                .register(meters);
        gauge(
                "outbox.scheduled",
                "events whose delivery time has not come",
                OutboxStatistics::scheduled,
                meters);
        gauge(
                "outbox.retrying",
                "keys whose next event will be sent again",
                OutboxStatistics::retrying,
                meters);
        gauge(
                "outbox.blocked",
                "keys whose next event waits until access or configuration is changed",
                OutboxStatistics::blocked,
                meters);
        gauge(
                "outbox.parked",
                "events that wait to be released or discarded by an operator",
                OutboxStatistics::parked,
                meters);
        Gauge.builder("outbox.target.missing", this, it -> it.missingTargets())
                .description("targets that do not exist, whose events wait in the outbox")
                .register(meters);
    }

    private void gauge(
            String name,
            String description,
            ToDoubleFunction<OutboxStatistics> value,
            MeterRegistry meters) {
        gauge(name, description, value).register(meters);
    }

    private Gauge.Builder<OutboxMeters> gauge(
            String name, String description, ToDoubleFunction<OutboxStatistics> value) {
        return Gauge.builder(
                        name,
                        this,
                        it -> it.read(reading -> value.applyAsDouble(reading.statistics())))
                .description(description);
    }

    private double missingTargets() {
        return relays.stream()
                .flatMap(it -> it.all().stream())
                .filter(it -> it.targetState() instanceof TargetState.TargetMissing)
                .count();
    }

    private synchronized double read(ToDoubleFunction<OutboxReading> value) {
        if (System.nanoTime() - measuredAt >= MAX_AGE.toNanos()) {
            latest = measure();
            measuredAt = System.nanoTime();
        }
        return latest == null ? Double.NaN : value.applyAsDouble(latest);
    }

    private @Nullable OutboxReading measure() {
        try {
            return new OutboxReading(
                    monitor.measure(),
                    monitor.findOldestTransaction().map(OldestTransaction::ageSeconds).orElse(0.0));
        } catch (DataAccessException | TransactionException failure) {
            log.info("outbox meters: database query failed: {}", failure.getMessage());
            return null;
        }
    }
}
