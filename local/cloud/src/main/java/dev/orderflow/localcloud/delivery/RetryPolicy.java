package dev.orderflow.localcloud.delivery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;

/// How often and how long a delivery is retried, in cloud time.
///
/// @param maxRetries attempts after the first, at least 0
/// @param maxAge age at which a delivery is given up
/// @param backoff the wait before the nth retry, counted from 1
public record RetryPolicy(int maxRetries, Duration maxAge, IntFunction<Duration> backoff) {

    public RetryPolicy {
        if (maxRetries < 0) {
            throw new IllegalArgumentException(
                    "retries must not be negative but were " + maxRetries);
        }
    }

    /// Exponential back-off with jitter: a random wait between half and all of `first × 2^(n-1)`,
    /// at most `longest`.
    public static IntFunction<Duration> exponentialBackoff(Duration first, Duration longest) {
        return retry -> {
            long step = first.toMillis() << Math.min(retry - 1, 20);
            long capped = Math.min(step, longest.toMillis());
            return Duration.ofMillis(ThreadLocalRandom.current().nextLong(capped / 2, capped + 1));
        };
    }
}
