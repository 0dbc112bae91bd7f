package dev.orderflow.defaults.delivery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long a message that failed stays away: exponential with
/// [full jitter](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
/// Messages which failed together do not come back together.
///
/// @param base the longest first delay
/// @param cap the longest delay of all
record BackOff(Duration base, Duration cap) {

    Duration after(int receiveCount, RandomGenerator random) {
        int doublings = Math.clamp(receiveCount - 1L, 0, 30);
        long ceiling = Math.min(base.toMillis() << doublings, cap.toMillis());
        return Duration.ofMillis(random.nextLong(ceiling + 1));
    }
}
