package dev.orderflow.order.workitems;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How long an order may make no progress before a work item is opened.
///
/// @param checkInterval how often stuck orders are looked for, 10 ms to 1 hour
/// @param pending reservation and payment take seconds; their retries end within ten minutes
/// @param approval an operator has two days to decide; one hour more for the workflow to continue
/// @param confirmed shipping asks for the permit within seconds; hours mean a carrier outage
/// @param dispatching like `confirmed`, with the permit granted
/// @param cancelRequested the workflow's compensations end within minutes once shipping answers
@Validated
@ConfigurationProperties("orderflow.order.stuck-orders")
record StuckOrderProperties(
        @DefaultValue("1m") @DurationMin(millis = 10) @DurationMax(hours = 1)
                Duration checkInterval,
        @DefaultValue("15m") @DurationMin(nanos = 1) Duration pending,
        @DefaultValue("49h") @DurationMin(nanos = 1) Duration approval,
        @DefaultValue("2h") @DurationMin(nanos = 1) Duration confirmed,
        @DefaultValue("2h") @DurationMin(nanos = 1) Duration dispatching,
        @DefaultValue("15m") @DurationMin(nanos = 1) Duration cancelRequested) {}
