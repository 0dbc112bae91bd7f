package dev.orderflow.localcloud.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The waits before the retries of a state.
class RetryCountersTest {

    private static final StateFailedException BUSY = StateFailedException.reported("Busy", "later");

    @Test
    void waitsGrowByTheBackoffRateUntilTheAttemptsAreUsed() {
        var counters = counters(3, null);

        assertThat(secondsBeforeRetries(counters, 3)).containsExactly(10L, 30L, 90L);
        assertThat(counters.delayBefore(BUSY)).isNull();
        assertThat(counters.total()).isEqualTo(3);
    }

    @Test
    void waitsDoNotExceedTheMaximum() {
        assertThat(secondsBeforeRetries(counters(4, 40L), 4)).containsExactly(10L, 30L, 40L, 40L);
    }

    private static RetryCounters counters(int attempts, @Nullable Long maxDelaySeconds) {
        return new RetryCounters(
                List.of(
                        new AslState.Retrier(
                                List.of("Busy"), 10, attempts, 3, maxDelaySeconds, false)));
    }

    private static List<Long> secondsBeforeRetries(RetryCounters counters, int retries) {
        return IntStream.range(0, retries)
                .mapToObj(_ -> counters.delayBefore(BUSY))
                .map(Duration::toSeconds)
                .toList();
    }
}
