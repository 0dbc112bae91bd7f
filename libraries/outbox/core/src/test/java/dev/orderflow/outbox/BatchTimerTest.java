package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
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
    void aRelayToWhichFewEventsComeReadsEachAtOnce(long start) {
        var timer = new BatchTimer(DELAY, FULL_CALL, start);
        long now = start;
        for (int event = 0; event < 500; event++) {
            // Fewer than three in a delay.
            now += 40;
            assertThat(timer.onStored(now)).isEqualTo(now);
            timer.onRead(1, now);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1_000, Long.MAX_VALUE - 50})
    void aBusyRelayWaitsForAFullCallOrTheEndOfTheDelay(long start) {
        var timer = new BatchTimer(DELAY, FULL_CALL, start);
        long now = makeBusy(timer, start);
        timer.onRead(5, now);
        assertThat(timer.onStored(now + 10)).isEqualTo(now + 100);
        assertThat(timer.onStored(now + 20)).isEqualTo(now + 100);
        assertThat(timer.onStored(now + 30)).isEqualTo(now + 30);
        timer.onRead(3, now + 40);
        assertThat(timer.onStored(now + 50)).isEqualTo(now + 140);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1_000, Long.MAX_VALUE - 50})
    void aRelayIsBusyAsLongAsManyEventsCome(long start) {
        var timer = new BatchTimer(DELAY, FULL_CALL, start);
        long now = makeBusy(timer, start);
        for (int event = 0; event < 100; event++) {
            now += 1_000;
            timer.onRead(1, now);
            timer.onStored(now);
        }
        timer.onRead(1, now);
        assertThat(timer.onStored(now + 1)).isEqualTo(now + 1);
        now = makeBusy(timer, now + 1);
        timer.onRead(1, now);
        assertThat(timer.onStored(now + 1)).isEqualTo(now + 100);
    }

    @Test
    void withoutADelayNothingWaits() {
        var timer = new BatchTimer(Duration.ZERO, FULL_CALL, 0);
        timer.onRead(1, 0);
        assertThat(timer.onStored(0)).isZero();
    }

    private static long makeBusy(BatchTimer timer, long start) {
        long now = start;
        for (int event = 0; event < 100; event++) {
            now += 10;
            timer.onStored(now);
        }
        return now;
    }
}
