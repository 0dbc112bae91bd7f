package dev.orderflow.localcloud.stepfunctions;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Counts the uses of each retrier of a state and computes the waits before its retries.
final class RetryCounters {
    private final List<AslState.Retrier> retriers;
    private final int[] used;
    private int total;

    RetryCounters(List<AslState.Retrier> retriers) {
        this.retriers = retriers;
        this.used = new int[retriers.size()];
    }

    /// The wait before the next attempt, null if there is none.
    @Nullable Duration delayBefore(StateFailedException failure) {
        for (int i = 0; i < used.length; i++) {
            AslState.Retrier retrier = retriers.get(i);
            if (retrier.errors().stream().noneMatch(failure::matches)) {
                continue;
            }
            if (used[i] >= retrier.maxAttempts()) {
                return null;
            }
            double seconds = retrier.intervalSeconds() * Math.pow(retrier.backoffRate(), used[i]);
            Long most = retrier.maxDelaySeconds();
            seconds = Math.min(seconds, most == null ? 31_622_400 : most);
            if (retrier.fullJitter()) {
                seconds = ThreadLocalRandom.current().nextDouble(Math.max(seconds, 0.001));
            }
            used[i]++;
            total++;
            return Duration.ofMillis((long) (seconds * 1000));
        }
        return null;
    }

    /// The number of retries so far.
    int total() {
        return total;
    }
}
