package dev.orderflow.localcloud.delivery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;

/// How often and how long a delivery is retried, in the cloud's time.
///
/// @param mostRetries attempts after the first
/// @param oldest how old a parcel may get before it is given up
/// @param pause how long to wait before the nth retry, from 1
public record RetryPolicy(int mostRetries, Duration oldest, IntFunction<Duration> pause) {

    public RetryPolicy {
        if (mostRetries < 0) {
            throw new IllegalArgumentException(
                    "retries must not be negative but were " + mostRetries);
        }
    }

    /// Doubling pauses with jitter: between half and all of `first × 2^(n-1)`, never above
    /// `longest`.
    public static IntFunction<Duration> exponential(Duration first, Duration longest) {
        return retry -> {
            long step = first.toMillis() << Math.min(retry - 1, 20);
            long capped = Math.min(step, longest.toMillis());
            return Duration.ofMillis(ThreadLocalRandom.current().nextLong(capped / 2, capped + 1));
        };
    }
}
