package dev.orderflow.order.approval;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How decisions are sent to the workflow.
///
/// @param pollInterval how often the database is polled for decisions that another instance left
///     unsent, 10 ms to 1 minute; this instance sends its own decisions at once
/// @param maxBackoff the longest delay before a failed send is retried, 10 ms to 1 hour
@ConfigurationProperties("orderflow.order.approval")
record ApprovalProperties(
        @DefaultValue("2s") Duration pollInterval, @DefaultValue("1m") Duration maxBackoff) {

    ApprovalProperties {
        if (pollInterval.compareTo(Duration.ofMillis(10)) < 0
                || pollInterval.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "poll-interval must be 10 ms to 1 minute but was " + pollInterval);
        }
        if (maxBackoff.compareTo(Duration.ofMillis(10)) < 0
                || maxBackoff.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "max-backoff must be 10 ms to 1 hour but was " + maxBackoff);
        }
    }
}
