package dev.orderflow.outbox;

import java.time.Duration;

/// How a relay works. [#DEFAULTS] suits most.
///
/// @param pollInterval how often the relay looks for events that other instances stored; it does
///     not wait for this with events of its own instance
/// @param batchDelay how long after it has read events a busy relay waits before it reads again,
///     unless as many events were stored meanwhile by its own instance as fit into one call. Events
///     then share statements and calls, at the price of this delay. A relay is busy while at least
///     three events are stored in this time on average; any other one reads an event at once. Zero
///     turns it off.
/// @param bufferSize the most events in memory at a time
/// @param maxConcurrentCalls the most calls in flight
/// @param leaseDuration how long a shard stays with an owner that does not renew its lease. Longer
///     than a garbage collection or a database fail-over, short enough that the events of a dead
///     instance are published soon.
/// @param maxAttempts how often an event may be rejected for its content (malformed, too large)
///     before it is parked. It is sent more than once only because a response may be wrong for a
///     moment: with the default back-off the attempts take about three seconds. A failure that is
///     not the event's own is retried for as long as it lasts and does not count.
/// @param initialBackoff the delay after an event's first failure, doubling from there
/// @param maxBackoff the upper limit of the doubling; for failures that are not the event's own the
///     limit is `maxPause`, so that it is published soon after the cause is gone
/// @param maxPause the longest pause of publishing while calls fail; the first pause is as long as
///     `pollInterval`, and each further one twice as long
/// @param targetCheckInterval how often the relay checks that the target exists; also at the start
///     and after each pause. EventBridge accepts events for a missing bus, so those accepted
///     between its deletion and the next check reach no rule.
/// @param fullScanInterval how often the relay reads the outbox from its first row, and not only
///     from the first one that it knows to be unpublished. Events that another instance released
///     from the parked ones are found with it, and retries of events that are gone are deleted.
/// @param shutdownTimeout how long the relay waits for calls in flight when it stops
public record RelaySettings(
        Duration pollInterval,
        Duration batchDelay,
        int bufferSize,
        int maxConcurrentCalls,
        Duration leaseDuration,
        int maxAttempts,
        Duration initialBackoff,
        Duration maxBackoff,
        Duration maxPause,
        Duration targetCheckInterval,
        Duration fullScanInterval,
        Duration shutdownTimeout) {

    /// Settings for production.
    public static final RelaySettings DEFAULTS =
            new RelaySettings(
                    Duration.ofMillis(100),
                    Duration.ofMillis(8),
                    1000,
                    32,
                    Duration.ofSeconds(10),
                    5,
                    Duration.ofMillis(200),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10));

    public RelaySettings {
        requireRange("poll-interval", pollInterval, Duration.ofMillis(10), Duration.ofMinutes(1));
        requireRange("batch-delay", batchDelay, Duration.ZERO, Duration.ofMinutes(1));
        requireRange("buffer-size", bufferSize, 10, 10_000);
        requireRange("max-concurrent-calls", maxConcurrentCalls, 1, 256);
        requireRange(
                "lease-duration", leaseDuration, Duration.ofMillis(500), Duration.ofMinutes(10));
        requireRange("max-attempts", maxAttempts, 1, 1_000);
        requireRange("initial-backoff", initialBackoff, Duration.ZERO, Duration.ofMinutes(1));
        requireRange("max-backoff", maxBackoff, initialBackoff, Duration.ofHours(1));
        requireRange("max-pause", maxPause, pollInterval, Duration.ofMinutes(5));
        requireRange(
                "target-check-interval",
                targetCheckInterval,
                Duration.ofMillis(10),
                Duration.ofMinutes(5));
        requireRange(
                "full-scan-interval",
                fullScanInterval,
                Duration.ofMillis(10),
                Duration.ofMinutes(10));
        requireRange("shutdown-timeout", shutdownTimeout, Duration.ZERO, Duration.ofMinutes(2));
    }

    /// The delay of an event after a number of its failures.
    Duration backoffAfter(int failures) {
        return doubled(initialBackoff, failures, maxBackoff);
    }

    /// The longest pause of publishing after a number of consecutive failed calls.
    Duration pauseAfter(int failures) {
        return doubled(pollInterval, failures, maxPause);
    }

    private static Duration doubled(Duration initial, int failures, Duration most) {
        int doublings = Math.clamp(failures - 1L, 0, 30);
        return shorter(initial.multipliedBy(1L << doublings), most);
    }

    static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static <T extends Comparable<T>> void requireRange(
            String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "%s must be %s to %s but was %s".formatted(name, least, most, value));
        }
    }
}
