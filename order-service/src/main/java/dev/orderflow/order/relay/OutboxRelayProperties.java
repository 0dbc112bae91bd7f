package dev.orderflow.order.relay;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Properties of the outbox relay.
///
/// @param enabled false on an instance that accepts orders and leaves publishing to others
/// @param bus the name or ARN of the event bus
/// @param pollInterval how often the relay looks for events that other instances stored; events
///     of its own instance wake it at once
/// @param bufferSize the most events in memory at a time
/// @param maxConcurrentCalls the most calls in flight
/// @param callTimeout when a call counts as failed
/// @param leaseDuration how long a shard stays with an owner that does not renew its lease. Longer
///     than a garbage collection or a database fail-over, short enough that the events of a dead
///     instance are published soon.
/// @param maxAttempts how often an event may be rejected for its content (malformed, too large)
///     before it is parked. It is sent more than once only because a response may be wrong for a
///     moment: with the default back-off the attempts take about three seconds. A failure that is
///     not the event's own, of EventBridge or of access, is retried for as long as it lasts and
///     does not count ([PutEventsErrors]).
/// @param initialBackoff the delay after an event's first failure, doubling from there
/// @param maxBackoff the upper limit of the doubling; for failures that are not the event's own
///     the limit is `max-pause`, so that it is published soon after the cause is gone
/// @param maxPause the longest pause of publishing while calls fail; the first pause is as long as
///     `poll-interval`, and each further one twice as long
/// @param busCheckInterval how often the relay checks that the bus exists; also at the start and
///     after each pause. Events that EventBridge accepts between the deletion of the bus and the
///     next check reach no rule, since EventBridge accepts events for a missing bus.
/// @param maxPayloadSize a larger detail is stored in S3, and a claim check is published. The bus
///     accepts 1 MB, but a subscriber behind SNS, a workflow or another account's bus no more than
///     256 KB including the envelope; 200 KB pass everywhere.
/// @param shutdownTimeout how long the relay waits for calls in flight when the service stops
@ConfigurationProperties("orderflow.order.relay")
record OutboxRelayProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("orderflow") String bus,
        @DefaultValue("100ms") Duration pollInterval,
        @DefaultValue("500") int bufferSize,
        @DefaultValue("32") int maxConcurrentCalls,
        @DefaultValue("5s") Duration callTimeout,
        @DefaultValue("10s") Duration leaseDuration,
        @DefaultValue("5") int maxAttempts,
        @DefaultValue("200ms") Duration initialBackoff,
        @DefaultValue("1m") Duration maxBackoff,
        @DefaultValue("10s") Duration maxPause,
        @DefaultValue("10s") Duration busCheckInterval,
        @DefaultValue("200KB") DataSize maxPayloadSize,
        @DefaultValue("10s") Duration shutdownTimeout) {

    OutboxRelayProperties {
        // EventBridge accepts events for any name and drops those whose bus does not exist.
        if (!bus.matches(
                "(arn:aws[\\w-]*:events:[a-z]+-[\\w-]+:\\d{12}:event-bus/)?[/.\\-_A-Za-z0-9]+")) {
            throw new IllegalArgumentException("bus must be a name or an ARN but was " + bus);
        }
        requireRange("poll-interval", pollInterval, Duration.ofMillis(10), Duration.ofMinutes(1));
        requireRange("buffer-size", bufferSize, OutboxTarget.MAX_EVENTS, 10_000);
        requireRange("max-concurrent-calls", maxConcurrentCalls, 1, 256);
        requireRange("call-timeout", callTimeout, Duration.ofMillis(100), Duration.ofMinutes(1));
        requireRange(
                "lease-duration", leaseDuration, Duration.ofMillis(500), Duration.ofMinutes(10));
        requireRange("max-attempts", maxAttempts, 1, 1_000);
        requireRange("initial-backoff", initialBackoff, Duration.ZERO, Duration.ofMinutes(1));
        requireRange("max-backoff", maxBackoff, initialBackoff, Duration.ofHours(1));
        requireRange("max-pause", maxPause, pollInterval, Duration.ofMinutes(5));
        requireRange(
                "bus-check-interval",
                busCheckInterval,
                Duration.ofMillis(10),
                Duration.ofMinutes(5));
        requireRange(
                "max-payload-size",
                maxPayloadSize,
                DataSize.ofBytes(1),
                DataSize.ofBytes(OutboxTarget.MAX_BYTES));
        requireRange("shutdown-timeout", shutdownTimeout, Duration.ZERO, Duration.ofMinutes(2));
    }

    /// The delay after a number of consecutive failures.
    Duration backoffAfter(int failures) {
        int doublings = Math.clamp(failures - 1L, 0, 30);
        var delay = initialBackoff.multipliedBy(1L << doublings);
        return delay.compareTo(maxBackoff) < 0 ? delay : maxBackoff;
    }

    private static <T extends Comparable<T>> void requireRange(
            String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "%s must be %s to %s but was %s".formatted(name, least, most, value));
        }
    }
}
