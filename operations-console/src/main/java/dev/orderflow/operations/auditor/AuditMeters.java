package dev.orderflow.operations.auditor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/// The meters of the audit.
///
/// - `audit.violations`: open violations; must be 0
/// - `audit.violations.open`: open violations by `invariant`
/// - `audit.orders.checked`: orders that were audited
/// - `audit.lag`: seconds since everything was last compared
@Component
class AuditMeters {

    private final Map<Invariant, AtomicLong> open = new EnumMap<>(Invariant.class);
    private final AtomicLong all = new AtomicLong();
    private final AtomicLong lag = new AtomicLong();
    private final Counter checked;

    AuditMeters(MeterRegistry meters) {
        for (var invariant : Invariant.values()) {
            var number = new AtomicLong();
            open.put(invariant, number);
            Gauge.builder("audit.violations.open", number, AtomicLong::get)
                    .description("Open violations by invariant")
                    .tag("invariant", invariant.tag())
                    .register(meters);
        }
        Gauge.builder("audit.violations", all, AtomicLong::get)
                .description("Open violations")
                .register(meters);
        this.checked = meters.counter("audit.orders.checked");
        Gauge.builder("audit.lag", lag, AtomicLong::get)
                .description("Time since everything was last compared")
                .baseUnit("seconds")
                .register(meters);
    }

    void recordChecked(int orders) {
        checked.increment(orders);
    }

    void updateOpenViolations(Map<Invariant, Long> now) {
        open.forEach((invariant, number) -> number.set(now.getOrDefault(invariant, 0L)));
        all.set(now.values().stream().mapToLong(Long::longValue).sum());
    }

    void updateLag(Duration now) {
        lag.set(now.toSeconds());
    }
}
