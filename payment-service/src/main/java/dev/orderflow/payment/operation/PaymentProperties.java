package dev.orderflow.payment.operation;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// The time limits of payment operations.
///
/// @param lease how long a request has exclusive use of its operation, 1 s to 10 min: longer than
///     its calls to the gateway take together, so that no other request takes over while it still
///     works
/// @param retryAfter the `Retry-After` of responses that ask the caller to retry
/// @param authorizationMargin how much longer than now an authorisation must be valid for its
///     order to be dispatched, 2 h to 4 days: the booking at the carrier, the capture with all
///     retries (93 minutes), and the time in which an operator can fix a capture that failed
/// @param reconciliation how unknown outcomes are resolved
@Validated
@ConfigurationProperties("orderflow.payment")
public record PaymentProperties(
        @DefaultValue("30s") @DurationMin(seconds = 1) @DurationMax(minutes = 10) Duration lease,
        @DefaultValue("2s") @DurationMin(millis = 0) Duration retryAfter,
        @DefaultValue("24h") @DurationMin(hours = 2) @DurationMax(days = 4)
                Duration authorizationMargin,
        @DefaultValue @Valid ReconciliationProperties reconciliation) {

    /// How unknown outcomes are resolved when the caller does not retry.
    ///
    /// @param interval how often an instance looks for unknown outcomes that are due
    /// @param batchSize how many it claims at a time, 1 to 1000
    /// @param initialBackoff the time before the second status check of a payment; doubled each
    ///     time
    /// @param maxBackoff the longest time between two status checks of a payment
    /// @param assumeNotDoneAfter when an operation that the gateway reports as not done counts as
    ///     not done. Until then its request may still be on its way to the gateway, so this is
    ///     longer than any request lives; Stripe itself gives up after 80 seconds.
    public record ReconciliationProperties(
            @DefaultValue("5s") @DurationMin(nanos = 1) Duration interval,
            @DefaultValue("20") @Min(1) @Max(1_000) int batchSize,
            @DefaultValue("5s") @DurationMin(nanos = 1) Duration initialBackoff,
            @DefaultValue("5m") @DurationMin(nanos = 1) Duration maxBackoff,
            @DefaultValue("10m") Duration assumeNotDoneAfter) {}
}
