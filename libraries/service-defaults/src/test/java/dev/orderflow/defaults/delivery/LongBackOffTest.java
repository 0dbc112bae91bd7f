package dev.orderflow.defaults.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LongBackOffTest {

    private static final LongBackOff BACK_OFF =
            new LongBackOff(Duration.ofMinutes(1), Duration.ofHours(6));

    @Test
    void fiveReceivesOutlastTwoHoursWhateverTheJitter() {
        for (int seed = 0; seed < 1_000; seed++) {
            var random = new Random(seed);
            var together =
                    IntStream.range(1, 5)
                            .mapToObj(receive -> BACK_OFF.after(receive, random))
                            .reduce(Duration.ZERO, Duration::plus);
            assertThat(together).isBetween(Duration.ofHours(2), Duration.ofHours(5));
        }
    }

    @Test
    void growthEndsAtTheLongestDelay() {
        assertThat(BACK_OFF.after(Integer.MAX_VALUE, new Random(1)))
                .isBetween(Duration.ofHours(3), Duration.ofHours(6));
        assertThat(new LongBackOff(Duration.ZERO, Duration.ZERO).after(1, new Random(1))).isZero();
    }

    @Test
    void messagesThatFailedTogetherDoNotComeBackTogether() {
        var random = new Random(1);
        assertThat(Stream.generate(() -> BACK_OFF.after(1, random)).limit(20).distinct())
                .hasSizeGreaterThan(10);
    }

    @Test
    void noDelayIsLongerThanSqsAllows() {
        assertThatThrownBy(() -> new LongBackOff(Duration.ofMinutes(1), Duration.ofHours(13)))
                .hasMessageContaining("12 h");
    }
}
