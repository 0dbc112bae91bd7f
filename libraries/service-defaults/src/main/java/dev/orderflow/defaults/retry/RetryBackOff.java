package dev.orderflow.defaults.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Exponential back-off: the delay grows by a factor with each failure up to a maximum, and a
/// [jitter](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/) spreads
/// the retries of operations that failed together.
///
/// @param initialDelay the longest delay after the first failure
/// @param maxDelay the longest delay of all
/// @param factor by which the delay grows with each failure, at least 2
/// @param jitter how much of the delay is random
public record RetryBackOff(
        Duration initialDelay, Duration maxDelay, int factor, RetryJitter jitter) {

    /// How much of a delay is random.
    public enum RetryJitter {
        /// Nothing: every caller waits equally long.
        NONE,
        /// Half of it: the delay is between half of and the whole computed value.
        EQUAL,
        /// All of it: the delay is between 0 and the computed value, half of it on average.
        FULL
    }

    /// @throws IllegalArgumentException when a delay is negative or the factor is less than 2
    public RetryBackOff {
        if (initialDelay.isNegative() || maxDelay.isNegative()) {
            throw new IllegalArgumentException(
                    "delays must not be negative but were " + initialDelay + " and " + maxDelay);
        }
        if (factor < 2) {
            throw new IllegalArgumentException("factor must be at least 2 but was " + factor);
        }
    }

    /// Doubles with each failure, without jitter.
    public static RetryBackOff doubling(Duration initialDelay, Duration maxDelay) {
        return new RetryBackOff(initialDelay, maxDelay, 2, RetryJitter.NONE);
    }

    /// Doubles with each failure, with full jitter: the average delay is half of the computed one.
    public static RetryBackOff doublingWithFullJitter(Duration initialDelay, Duration maxDelay) {
        return new RetryBackOff(initialDelay, maxDelay, 2, RetryJitter.FULL);
    }

    /// The longest time that an operation waits altogether until it has failed this often and the
    /// delay after that is over.
    public Duration longestWait(int failures) {
        var longest = Duration.ZERO;
        for (int failure = 1; failure <= failures; failure++) {
            longest = longest.plusMillis(longestDelayAfter(failure));
        }
        return longest;
    }

    /// As [#delayAfter(int, RandomGenerator)] with the JDK's default generator.
    public Duration delayAfter(int failures) {
        return delayAfter(failures, RandomGenerator.getDefault());
    }

    /// @param failures how often the operation has failed, from 1
    /// @return how long to wait before the next attempt, in whole milliseconds
    public Duration delayAfter(int failures, RandomGenerator random) {
        long ceiling = longestDelayAfter(failures);
        long least =
                switch (jitter) {
                    case NONE -> ceiling;
                    case EQUAL -> ceiling / 2;
                    case FULL -> 0;
                };
        return Duration.ofMillis(least + random.nextLong(ceiling - least + 1));
    }

    private long longestDelayAfter(int failures) {
        var delay = initialDelay;
        for (int i = 1; i < failures && delay.isPositive() && delay.compareTo(maxDelay) < 0; i++) {
            delay = delay.multipliedBy(factor);
        }
        return Math.min(delay.toMillis(), maxDelay.toMillis());
    }
}
