package dev.orderflow.defaults.delivery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long a message stays away whose handling has to outlast an outage with the few receives it
/// has: between half and all of a delay that grows sixfold with each receive. With a first delay of
/// a minute, the fifth receive comes after two to four and a half hours.
///
/// @param first the longest first delay
/// @param longest where the growth ends, at most 12 hours, the limit of SQS
public record LongBackOff(Duration first, Duration longest) {

    private static final int FACTOR = 6;

    /// @throws IllegalArgumentException when a delay is negative, or longer than SQS hides a
    ///     message
    public LongBackOff {
        if (first.isNegative()) {
            throw new IllegalArgumentException("the first delay must not be negative: " + first);
        }
        if (longest.isNegative() || longest.compareTo(HandlingResult.RetryLater.MAX_DELAY) > 0) {
            throw new IllegalArgumentException("longest must be 0 to 12 h but was " + longest);
        }
    }

    /// @param receiveCount how often the message was received, from 1
    public Duration after(int receiveCount, RandomGenerator random) {
        var delay = first;
        for (int i = 1; i < receiveCount && delay.compareTo(longest) < 0; i++) {
            delay = delay.multipliedBy(FACTOR);
        }
        long most = Math.min(delay.toMillis(), longest.toMillis());
        return Duration.ofMillis(most / 2 + random.nextLong(most - most / 2 + 1));
    }
}
