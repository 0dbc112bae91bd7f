package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// At any time, because the clock of the JVM may start anywhere and overflow.
class BatchTimerTest {

    private static final Duration DELAY = Duration.ofNanos(100);
    private static final int FULL_CALL = 3;

    @ParameterizedTest
    @ValueSource(longs = {0, -1_000, Long.MAX_VALUE - 50})
    void anIdleRelayReadsAnEventAtOnce(long start) {
        var timer = new BatchTimer(DELAY, FULL_CALL, start);
        assertThat(timer.onStored(start)).isEqualTo(start);
        timer.onRead(0, start + 10);
        assertThat(timer.onStored(start + 20)).isEqualTo(start + 20);
        timer.onRead(1, start + 30);
        assertThat(timer.onStored(start + 130)).isEqualTo(start + 130);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1_000, Long.MAX_VALUE - 50})
    void aBusyRelayWaitsForAFullCallOrTheEndOfTheDelay(long start) {
        var timer = new BatchTimer(DELAY, FULL_CALL, start);
        timer.onRead(5, start);
        assertThat(timer.onStored(start + 10)).isEqualTo(start + 100);
        assertThat(timer.onStored(start + 20)).isEqualTo(start + 100);
        assertThat(timer.onStored(start + 30)).isEqualTo(start + 30);
        timer.onRead(3, start + 40);
        assertThat(timer.onStored(start + 50)).isEqualTo(start + 140);
    }
}
