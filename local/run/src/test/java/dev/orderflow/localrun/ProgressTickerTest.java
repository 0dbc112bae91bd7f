package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProgressTickerTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(10);

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Test
    void theCurrentActivityIsPrintedPeriodically() {
        var done = new AtomicInteger();
        try (var ticker = new ProgressTicker(lines::add, () -> done + " of 2 done", SHORT)) {
            await().atMost(LONG).until(() -> lines.contains("0 of 2 done"));
            done.set(1);
            await().atMost(LONG).until(() -> lines.contains("1 of 2 done"));
            ticker.setActivity(() -> "the next step");
            await().atMost(LONG).until(() -> lines.contains("the next step"));
        }
    }

    @Test
    void aLongLineIsPrintedInFullOnceAndShortenedWhenItIsRepeated() {
        var line = "x".repeat(250);
        var repetition = "x".repeat(ProgressTicker.LONGEST_REPETITION - 1) + "…";
        try (var _ = new ProgressTicker(lines::add, () -> line, SHORT)) {
            await().atMost(LONG).until(() -> lines.size() > 2);
        }
        assertThat(lines.getFirst()).isEqualTo(line);
        assertThat(lines.subList(1, lines.size())).containsOnly(repetition);
    }

    @Test
    void withoutAnActivityNothingIsPrinted() {
        try (var ticker = new ProgressTicker(lines::add, () -> "", SHORT)) {
            ticker.print("something");
            ticker.setActivity(
                    () -> {
                        throw new IllegalStateException("gone meanwhile");
                    });
            ticker.setActivity(() -> "later");
            await().atMost(LONG).until(() -> lines.contains("later"));
        }
        assertThat(lines.stream().distinct()).containsExactly("something", "later");
    }
}
