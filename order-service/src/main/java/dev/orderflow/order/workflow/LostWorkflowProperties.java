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
        @DefaultValue("30s") Duration checkEvery,
        @DefaultValue("5m") Duration after,
        @DefaultValue("1h") Duration again,
        @DefaultValue("200") int batch) {

    LostWorkflowProperties {
        within("check-every", checkEvery, Duration.ofMillis(10), Duration.ofHours(1));
        within("after", after, Duration.ZERO, Duration.ofHours(1));
        within("again", again, Duration.ofMillis(10), Duration.ofDays(1));
        within("batch", batch, 1, 10_000);
    }

    private static <T extends Comparable<T>> void within(String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "orderflow.order.lost-workflows.%s must be %s to %s but was %s"
                            .formatted(name, least, most, value));
        }
    }
}
