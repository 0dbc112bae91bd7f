package dev.orderflow.operations.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.OrderHistoryOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimelineTest {

    private static final Instant NOON = Instant.parse("2026-11-02T12:00:00Z");

    @Test
    void entriesWithoutMarksAreOrderedByTime() {
        assertThat(
                        merge(
                                Map.of(
                                        "a", List.of(entry("a1", 0), entry("a2", 20)),
                                        "b", List.of(entry("b1", 10), entry("b2", 30)))))
                .containsExactly("a1", "b1", "a2", "b2");
    }

    @Test
    void anEffectNeverComesBeforeItsCauseWhateverTheClocksSay() {
        var workflow =
                List.of(
                        entry("asked", 100).marking("requested:k"),
                        entry("succeeded", 101).after("answered:k"),
                        entry("next", 102));
        // The clock of payment-service is a minute behind, and then a minute ahead.
        for (int shift : new int[] {-60, 60}) {
            var payment =
                    List.of(
                            entry("authorised", 100 + shift)
                                    .after("requested:k")
                                    .marking("answered:k"));
            assertThat(merge(Map.of("workflow", workflow, "payment", payment)))
                    .containsExactly("asked", "authorised", "succeeded", "next");
        }
    }

    @Test
    void anEntryThatIsShownAfterALaterTimeSaysSo() {
        var merged =
                Timeline.merge(
                        Map.of(
                                "a", List.of(entry("cause", 10).marking("m")),
                                "b", List.of(entry("effect", 5).after("m"))));
        assertThat(merged)
                .extracting(CaseFile.CaseFileEntry::isOutOfTime)
                .containsExactly(false, true);
    }

    @Test
    void theEntriesOfOnePartStayInTheirSequence() {
        assertThat(merge(Map.of("a", List.of(entry("a1", 20), entry("a2", 10)))))
                .containsExactly("a1", "a2");
    }

    @Test
    void aMarkThatNoEntrySetsIsNoCondition() {
        assertThat(merge(Map.of("a", List.of(entry("a1", 0).after("never"), entry("a2", 1)))))
                .containsExactly("a1", "a2");
    }

    @Test
    void oneOfSeveralEntriesThatSetAMarkIsEnough() {
        assertThat(
                        merge(
                                Map.of(
                                        "workflow",
                                        List.of(
                                                entry("first attempt", 0).marking("requested:k"),
                                                entry("second attempt", 50).marking("requested:k")),
                                        "payment",
                                        List.of(entry("authorised", 1).after("requested:k")))))
                .containsExactly("first attempt", "authorised", "second attempt");
    }

    @Test
    void marksThatContradictTheSequenceOfAPartEndInTime() {
        assertThat(
                        merge(
                                Map.of(
                                        "a",
                                        List.of(
                                                entry("a1", 0).after("b"),
                                                entry("a2", 1).marking("a")),
                                        "b",
                                        List.of(
                                                entry("b1", 5).after("a"),
                                                entry("b2", 6).marking("b")))))
                .containsExactly("a1", "a2", "b1", "b2");
    }

    @Test
    void everyEntryIsKept() {
        var many =
                IntStream.range(0, 2_000)
                        .mapToObj(i -> entry("e" + i, i).marking("m" + i).after("m" + (i - 1)))
                        .toList();
        assertThat(merge(Map.of("a", many.subList(0, 1_000), "b", many.subList(1_000, 2_000))))
                .hasSize(2_000);
    }

    private static List<String> merge(Map<String, List<OrderHistoryEntry>> parts) {
        return Timeline.merge(parts).stream().map(each -> each.entry().summary()).toList();
    }

    private static OrderHistoryEntry entry(String summary, long second) {
        return OrderHistoryEntry.of(
                NOON.plusSeconds(second), "part", "TYPE", OrderHistoryOutcome.DONE, summary);
    }
}
