package dev.orderflow.order.approval;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How decisions are sent to the workflow.
///
/// @param pollInterval how often the database is polled for decisions that another instance left
///     unsent, 10 ms to 1 minute; this instance sends its own decisions at once
/// @param maxBackoff the longest delay before a failed send is retried, 10 ms to 1 hour
@Validated
@ConfigurationProperties("orderflow.order.approval")
record ApprovalProperties(
        @DefaultValue("2s") @DurationMin(millis = 10) @DurationMax(minutes = 1)
                Duration pollInterval,
        @DefaultValue("1m") @DurationMin(millis = 10) @DurationMax(hours = 1)
                Duration maxBackoff) {}
