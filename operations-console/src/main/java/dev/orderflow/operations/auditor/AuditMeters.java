package dev.orderflow.operations.auditor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/// What operators see of the audit.
///
/// - `audit.violations`: findings that count now; one is one too many
/// - `audit.violations.open`: the same by `invariant`
/// - `audit.orders.checked`: orders that were compared
/// - `audit.lag`: seconds since all that had changed was compared
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
                    .description("Findings that count now, by invariant")
                    .tag("invariant", invariant.tag())
                    .register(meters);
        }
        Gauge.builder("audit.violations", all, AtomicLong::get)
                .description("Findings that count now")
                .register(meters);
        this.checked = meters.counter("audit.orders.checked");
        Gauge.builder("audit.lag", lag, AtomicLong::get)
                .description("Time since all that had changed was compared")
                .baseUnit("seconds")
                .register(meters);
    }

    void checked(int orders) {
        checked.increment(orders);
    }

    void open(Map<Invariant, Long> now) {
        open.forEach((invariant, number) -> number.set(now.getOrDefault(invariant, 0L)));
        all.set(now.values().stream().mapToLong(Long::longValue).sum());
    }

    void lag(Duration now) {
        lag.set(now.toSeconds());
    }
}
