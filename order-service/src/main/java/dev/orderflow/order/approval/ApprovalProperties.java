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
        @DefaultValue("2s") Duration lookEvery, @DefaultValue("1m") Duration longestWait) {

    ApprovalProperties {
        if (lookEvery.compareTo(Duration.ofMillis(10)) < 0
                || lookEvery.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "look-every must be 10 ms to 1 minute but was " + lookEvery);
        }
        if (longestWait.compareTo(Duration.ofMillis(10)) < 0
                || longestWait.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "longest-wait must be 10 ms to 1 hour but was " + longestWait);
        }
    }
}
