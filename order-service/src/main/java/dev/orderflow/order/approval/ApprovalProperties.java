package dev.orderflow.order.approval;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How decisions reach the workflow.
///
/// @param lookEvery how long a decision of another instance, or one that this one missed, may lie;
///     the usual ones are told at once
/// @param longestWait the longest wait before a decision is told again to a workflow that cannot be
///     reached
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
