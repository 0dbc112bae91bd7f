package dev.orderflow.order.workflow;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How missing workflows, those that were never started although their order was placed minutes
/// ago, are found and started.
///
/// @param checkInterval how often orders are checked, 10 ms to 1 hour
/// @param minOrderAge the age from which an order is checked, 0 to 1 hour; the event and its
///     message take seconds
/// @param recheckInterval when an order whose workflow exists is checked again, 10 ms to 1 day
/// @param batchSize how many orders an instance checks in one run, 1 to 10000. The calls are made
///     one after the other, so this also limits their rate
@ConfigurationProperties("orderflow.order.missing-workflows")
record MissingWorkflowProperties(
        @DefaultValue("30s") Duration checkInterval,
        @DefaultValue("5m") Duration minOrderAge,
        @DefaultValue("1h") Duration recheckInterval,
        @DefaultValue("200") int batchSize) {

    MissingWorkflowProperties {
        requireBetween("check-interval", checkInterval, Duration.ofMillis(10), Duration.ofHours(1));
        requireBetween("min-order-age", minOrderAge, Duration.ZERO, Duration.ofHours(1));
        requireBetween(
                "recheck-interval", recheckInterval, Duration.ofMillis(10), Duration.ofDays(1));
        requireBetween("batch-size", batchSize, 1, 10_000);
    }

    private static <T extends Comparable<T>> void requireBetween(
            String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "orderflow.order.missing-workflows.%s must be %s to %s but was %s"
                            .formatted(name, least, most, value));
        }
    }
}
