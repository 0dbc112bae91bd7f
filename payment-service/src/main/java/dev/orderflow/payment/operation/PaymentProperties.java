package dev.orderflow.payment.operation;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long things may take.
///
/// @param lease how long a request keeps others off its operation: longer than its calls to the
///     gateway can take together, so that nobody takes over from a process that lives
/// @param retryAfter what a caller is told to wait when it should come back
/// @param holdMargin how much longer than now a hold must last for its order to be dispatched: the
///     booking at the carrier, the capture with all of its retries (93 minutes), and the time in
///     which a person can still mend a capture that failed
/// @param reconciliation how unknown outcomes are settled when nobody comes back for them
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

    /// @param every how often an instance looks for outcomes that are due
    /// @param batch how many it takes at a time; they are asked about one after another
    /// @param firstWait before the second time the gateway is asked; doubled each time
    /// @param longestWait at most between two times
    /// @param believeAbsenceAfter when a gateway that says "not done" is believed. A request may
    ///     still be on its way to it, so longer than any of them lives; Stripe gives up on its
    ///     own after 80 seconds.
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
                        "orderflow.payment.reconciliation waits must be positive");
            }
        }
    }
}
