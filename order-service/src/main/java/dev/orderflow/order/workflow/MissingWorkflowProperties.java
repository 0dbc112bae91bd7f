package dev.orderflow.order.workflow;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How missing workflows, those that were never started although their order was placed minutes
/// ago, are found and started.
///
/// @param checkInterval how often orders are checked, 10 ms to 1 hour
/// @param minOrderAge the age from which an order is checked, 0 to 1 hour; the event and its
///     message take seconds
/// @param recheckInterval when an order whose workflow exists is checked again, 10 ms to 1 day
/// @param batchSize how many orders an instance checks in one run, 1 to 10000. The calls are made
///     one after the other, so this also limits their rate
@Validated
@ConfigurationProperties("orderflow.order.missing-workflows")
record MissingWorkflowProperties(
        @DefaultValue("30s") @DurationMin(millis = 10) @DurationMax(hours = 1)
                Duration checkInterval,
        @DefaultValue("5m") @DurationMin(millis = 0) @DurationMax(hours = 1) Duration minOrderAge,
        @DefaultValue("1h") @DurationMin(millis = 10) @DurationMax(days = 1)
                Duration recheckInterval,
        @DefaultValue("200") @Min(1) @Max(10_000) int batchSize) {}
