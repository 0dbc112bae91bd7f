package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.retry.RetryBackOff;
import java.time.Duration;

/// The back-off of a message whose few receives must outlast an outage: between half and all of a
/// delay that grows sixfold with each receive. With an initial delay of one minute, the fifth
/// receive comes after two to four and a half hours.
public final class OutageBackOff {

    private static final int FACTOR = 6;

    private OutageBackOff() {}

    /// @param initialDelay the longest delay after the first receive
    /// @param maxDelay where the growth ends, at most 12 hours, the limit of SQS
    /// @throws IllegalArgumentException when a delay is negative or longer than SQS allows
    public static RetryBackOff of(Duration initialDelay, Duration maxDelay) {
        if (maxDelay.compareTo(HandlingResult.RetryLater.MAX_DELAY) > 0) {
            throw new IllegalArgumentException(
                    "the maximum delay must be 0 to 12 h but was " + maxDelay);
        }
        return new RetryBackOff(initialDelay, maxDelay, FACTOR, RetryBackOff.RetryJitter.EQUAL);
    }
}
