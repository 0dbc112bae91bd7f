package dev.orderflow.order.workflow;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How workflows are found that were never started.
///
/// @param checkEvery how often orders are looked at
/// @param after how long an order is left to its event before Step Functions is asked; the
///     event and its message take seconds
/// @param again how long until an order whose workflow exists is looked at again
/// @param batch the most orders that an instance asks about each time. One after the other, so
///     this also bounds the rate of calls.
@ConfigurationProperties("orderflow.order.lost-workflows")
record LostWorkflowProperties(
        @DefaultValue("30s") Duration checkInterval,
        @DefaultValue("5m") Duration minOrderAge,
        @DefaultValue("1h") Duration recheckInterval,
        @DefaultValue("200") int batchSize) {

    LostWorkflowProperties {
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
                    "orderflow.order.lost-workflows.%s must be %s to %s but was %s"
                            .formatted(name, least, most, value));
        }
    }
}
