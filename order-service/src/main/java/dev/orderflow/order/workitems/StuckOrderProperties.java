package dev.orderflow.order.workitems;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long an order may make no progress before a work item is opened.
///
/// @param checkInterval how often stuck orders are looked for, 10 ms to 1 hour
/// @param pending reservation and payment take seconds; their retries end within ten minutes
/// @param approval an operator has two days to decide; one hour more for the workflow to continue
/// @param confirmed shipping asks for the permit within seconds; hours mean a carrier outage
/// @param dispatching like `confirmed`, with the permit granted
/// @param cancelRequested the workflow's compensations end within minutes once shipping answers
@ConfigurationProperties("orderflow.order.stuck-orders")
record StuckOrderProperties(
        @DefaultValue("1m") Duration checkInterval,
        @DefaultValue("15m") Duration pending,
        @DefaultValue("49h") Duration approval,
        @DefaultValue("2h") Duration confirmed,
        @DefaultValue("2h") Duration dispatching,
        @DefaultValue("15m") Duration cancelRequested) {

    StuckOrderProperties {
        for (var limit :
                new Duration[] {pending, approval, confirmed, dispatching, cancelRequested}) {
            if (!limit.isPositive()) {
                throw new IllegalArgumentException("a limit must be positive but was " + limit);
            }
        }
        if (checkInterval.compareTo(Duration.ofMillis(10)) < 0
                || checkInterval.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "check-interval must be 10 ms to 1 hour but was " + checkInterval);
        }
    }
}
