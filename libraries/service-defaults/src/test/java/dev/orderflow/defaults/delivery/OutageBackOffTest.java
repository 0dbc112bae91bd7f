package dev.orderflow.defaults.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.defaults.retry.RetryBackOff;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OutageBackOffTest {

    private static final RetryBackOff BACK_OFF =
            OutageBackOff.of(Duration.ofMinutes(1), Duration.ofHours(6));

    @Test
    void fiveReceivesOutlastTwoHoursWhateverTheJitter() {
        for (int seed = 0; seed < 1_000; seed++) {
            var random = new Random(seed);
            var together =
                    IntStream.range(1, 5)
                            .mapToObj(receive -> BACK_OFF.delayAfter(receive, random))
                            .reduce(Duration.ZERO, Duration::plus);
            assertThat(together).isBetween(Duration.ofHours(2), Duration.ofHours(5));
        }
    }

    @Test
    void growthEndsAtTheLongestDelay() {
        assertThat(BACK_OFF.delayAfter(Integer.MAX_VALUE, new Random(1)))
                .isBetween(Duration.ofHours(3), Duration.ofHours(6));
        assertThat(OutageBackOff.of(Duration.ZERO, Duration.ZERO).delayAfter(5, new Random(1)))
                .isZero();
    }

    @Test
    void messagesThatFailedTogetherReturnAtDifferentTimes() {
        var random = new Random(1);
        assertThat(Stream.generate(() -> BACK_OFF.delayAfter(1, random)).limit(20).distinct())
                .hasSizeGreaterThan(10);
    }

    @Test
    void noDelayIsLongerThanSqsAllows() {
        assertThatThrownBy(() -> OutageBackOff.of(Duration.ofMinutes(1), Duration.ofHours(13)))
                .hasMessageContaining("12 h");
    }
}
