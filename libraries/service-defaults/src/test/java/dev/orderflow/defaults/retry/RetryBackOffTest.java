package dev.orderflow.defaults.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryBackOffTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void theDelayDoublesUntilItReachesTheMaximum() {
        var backOff = RetryBackOff.doubling(SECOND, Duration.ofSeconds(10));
        assertThat(IntStream.rangeClosed(1, 6).mapToObj(backOff::delayAfter))
                .extracting(Duration::toSeconds)
                .containsExactly(1L, 2L, 4L, 8L, 10L, 10L);
        assertThat(backOff.delayAfter(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(10));
    }

    /// As [dev.orderflow.defaults.delivery.DeliveryProperties] says of its defaults.
    @Test
    void theLongestWaitIsTheSumOfAllDelaysAlsoTheLast() {
        var backOff =
                RetryBackOff.doublingWithFullJitter(Duration.ofSeconds(4), Duration.ofMinutes(15));
        assertThat(backOff.longestWait(5)).isEqualTo(Duration.ofSeconds(124));
        assertThat(RetryBackOff.doubling(SECOND, Duration.ofSeconds(2)).longestWait(4))
                .isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void aMaximumBelowTheInitialDelayHoldsFromTheFirstFailure() {
        assertThat(RetryBackOff.doubling(SECOND, Duration.ofMillis(300)).delayAfter(1))
                .isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void fullJitterIsAnythingFromZeroToTheDelayAndHalfOfItOnAverage() {
        var backOff = RetryBackOff.doublingWithFullJitter(SECOND, Duration.ofMinutes(15));
        var random = new Random(7);
        var delays =
                IntStream.range(0, 2_000).mapToObj(_ -> backOff.delayAfter(3, random)).toList();
        assertThat(delays).allMatch(delay -> delay.compareTo(Duration.ofSeconds(4)) <= 0);
        assertThat(delays.stream().mapToLong(Duration::toMillis).average().orElseThrow())
                .isBetween(1_800.0, 2_200.0);
    }

    @Test
    void equalJitterIsAtLeastHalfOfTheDelay() {
        var backOff = new RetryBackOff(SECOND, SECOND, 2, RetryBackOff.RetryJitter.EQUAL);
        var random = new Random(7);
        assertThat(IntStream.range(0, 1_000).mapToObj(_ -> backOff.delayAfter(1, random)))
                .allMatch(delay -> delay.toMillis() >= 500 && delay.toMillis() <= 1_000);
    }

    @Test
    void aDelayOfZeroStaysZero() {
        assertThat(
                        RetryBackOff.doublingWithFullJitter(Duration.ZERO, SECOND)
                                .delayAfter(Integer.MAX_VALUE))
                .isZero();
    }

    @Test
    void negativeDelaysAndFactorsThatDoNotGrowAreInvalid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryBackOff.doubling(SECOND.negated(), SECOND));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new RetryBackOff(SECOND, SECOND, 1, RetryBackOff.RetryJitter.NONE));
    }
}
