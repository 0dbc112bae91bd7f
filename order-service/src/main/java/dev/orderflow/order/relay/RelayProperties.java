package dev.orderflow.order.relay;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How the relay works.
///
/// @param enabled false on an instance that only takes orders and leaves publishing to others
/// @param bus the name or ARN of the event bus
/// @param lookEvery how long an event that another instance stored may lie unseen; events of
///     this instance are seen at once
/// @param held the most events in memory at a time
/// @param calls the most calls in flight
/// @param callTimeout when a call counts as failed
/// @param lease how long a shard stays with an owner that is not heard of. Longer than a
///     garbage collection or a failing-over database, short enough that events of a dead
///     instance go out soon.
/// @param attempts how often an event may be refused for what it is (malformed, too large)
///     before it is parked. It is tried a few times at all only because an answer may be wrong
///     for a moment: with the back-off below, within about three seconds. What has nothing to
///     do with the event, be it a failure of EventBridge or a missing right, is tried again for
///     as long as it lasts and counts for nothing here ([PutEventsErrors]).
/// @param firstBackOff the wait of an event's order after the first time, doubling from there
/// @param longestBackOff where the doubling ends; for what has nothing to do with the event
///     already at `longest-pause`, so that it goes out soon after the cause is gone
/// @param longestPause how long the bus is left alone at most when calls to it fail; the first
///     pause is as long as `look-every`, and each further one twice as long
/// @param lookForBusEvery how often the bus is looked for; also at the start and after each
///     pause. Events that EventBridge took between the moment the bus vanished and the next
///     look are lost to its rules, since EventBridge answers as if it were there.
/// @param largestDetail a larger detail lies in S3, and a claim check goes over the bus. The
///     bus would take 1 MB, but a subscriber behind SNS, a workflow or another account's bus no
///     more than 256 KB, with what is put around the detail on the way; 200 KB pass everywhere.
/// @param stopWithin how long calls in flight are waited for when the service stops
@ConfigurationProperties("orderflow.order.relay")
record RelayProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("orderflow") String bus,
        @DefaultValue("100ms") Duration lookEvery,
        @DefaultValue("500") int held,
        @DefaultValue("32") int calls,
        @DefaultValue("5s") Duration callTimeout,
        @DefaultValue("10s") Duration lease,
        @DefaultValue("5") int attempts,
        @DefaultValue("200ms") Duration firstBackOff,
        @DefaultValue("1m") Duration longestBackOff,
        @DefaultValue("10s") Duration longestPause,
        @DefaultValue("10s") Duration lookForBusEvery,
        @DefaultValue("200KB") DataSize largestDetail,
        @DefaultValue("10s") Duration stopWithin) {

    RelayProperties {
        // EventBridge takes events for any name and loses those whose bus does not exist.
        if (!bus.matches(
                "(arn:aws[\\w-]*:events:[a-z]+-[\\w-]+:\\d{12}:event-bus/)?[/.\\-_A-Za-z0-9]+")) {
            throw new IllegalArgumentException("bus must be a name or an ARN but was " + bus);
        }
        within("look-every", lookEvery, Duration.ofMillis(10), Duration.ofMinutes(1));
        within("held", held, EventBus.MOST_EVENTS, 10_000);
        within("calls", calls, 1, 256);
        within("call-timeout", callTimeout, Duration.ofMillis(100), Duration.ofMinutes(1));
        within("lease", lease, Duration.ofMillis(500), Duration.ofMinutes(10));
        within("attempts", attempts, 1, 1_000);
        within("first-back-off", firstBackOff, Duration.ZERO, Duration.ofMinutes(1));
        within("longest-back-off", longestBackOff, firstBackOff, Duration.ofHours(1));
        within("longest-pause", longestPause, lookEvery, Duration.ofMinutes(5));
        within("look-for-bus-every", lookForBusEvery, Duration.ofMillis(10), Duration.ofMinutes(5));
        within(
                "largest-detail",
                largestDetail,
                DataSize.ofBytes(1),
                DataSize.ofBytes(EventBus.MOST_BYTES));
        within("stop-within", stopWithin, Duration.ZERO, Duration.ofMinutes(2));
    }

    /// How long to wait after so many refusals in a row.
    Duration backOff(int refusals) {
        int doublings = Math.clamp(refusals - 1L, 0, 30);
        var delay = firstBackOff.multipliedBy(1L << doublings);
        return delay.compareTo(longestBackOff) < 0 ? delay : longestBackOff;
    }

    private static <T extends Comparable<T>> void within(String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "%s must be %s to %s but was %s".formatted(name, least, most, value));
        }
    }
}
