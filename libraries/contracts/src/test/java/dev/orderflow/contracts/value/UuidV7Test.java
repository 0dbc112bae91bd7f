package dev.orderflow.contracts.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UuidV7Test {

    private static final Instant NOW = Instant.parse("2026-11-29T08:30:00.123456Z");

    @Test
    void idsHaveTheVersionAndVariantOfTheStandardAndTheMillisecondsOfTheirInstant() {
        var id = UuidV7.create(NOW);
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void idsSortByTheirInstantDownToTheMicrosecond() {
        assertThat(
                        IntStream.range(0, 3_000)
                                .mapToObj(n -> UuidV7.create(NOW.plusNanos(n * 1_000L)).toString()))
                .isSorted();
    }

    @Test
    void idsOfTheSameInstantDiffer() {
        assertThat(Stream.generate(() -> UuidV7.create(NOW)).limit(1_000)).doesNotHaveDuplicates();
    }
}
