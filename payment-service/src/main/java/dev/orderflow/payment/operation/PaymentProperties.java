package dev.orderflow.payment.operation;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

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
@ConfigurationProperties("orderflow.payment")
public record PaymentProperties(
        @DefaultValue("30s") Duration lease,
        @DefaultValue("2s") Duration retryAfter,
        @DefaultValue("24h") Duration authorizationMargin,
        @DefaultValue ReconciliationProperties reconciliation) {

    public PaymentProperties {
        if (lease.compareTo(Duration.ofSeconds(1)) < 0
                || lease.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException(
                    "orderflow.payment.lease must be 1 s to 10 min but was " + lease);
        }
        if (authorizationMargin.compareTo(Duration.ofHours(2)) < 0
                || authorizationMargin.compareTo(Duration.ofDays(4)) > 0) {
            throw new IllegalArgumentException(
                    "orderflow.payment.authorization-margin must be 2 h to 4 days but was "
                            + authorizationMargin);
        }
        if (retryAfter.isNegative()) {
            throw new IllegalArgumentException(
                    "orderflow.payment.retry-after must not be negative but was " + retryAfter);
        }
    }

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
            @DefaultValue("5s") Duration interval,
            @DefaultValue("20") int batchSize,
            @DefaultValue("5s") Duration initialBackoff,
            @DefaultValue("5m") Duration maxBackoff,
            @DefaultValue("10m") Duration assumeNotDoneAfter) {

        public ReconciliationProperties {
            if (batchSize < 1 || batchSize > 1000) {
                throw new IllegalArgumentException(
                        "orderflow.payment.reconciliation.batch-size must be 1 to 1000 but was "
                                + batchSize);
            }
            if (!interval.isPositive()
                    || !initialBackoff.isPositive()
                    || !maxBackoff.isPositive()) {
                throw new IllegalArgumentException(
                        "the durations of orderflow.payment.reconciliation must be positive");
            }
        }
    }
}
