package dev.orderflow.operations.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.OrderHistoryOutcome;
import dev.orderflow.operations.casefile.CaseFile.CaseFileGap;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TimelineGapsTest {

    private static final Instant NOON = Instant.parse("2026-11-02T12:00:00Z");

    @Test
    void aWaitThatAPartRecordedIsNamedByIt() {
        var gaps =
                find(
                        true,
                        entry("shipping-service", 0, OrderHistoryOutcome.DONE),
                        entry("carrier", 1, OrderHistoryOutcome.WAITING)
                                .until(NOON.plusSeconds(99)),
                        entry("carrier", 99, OrderHistoryOutcome.DONE));
        assertThat(gaps)
                .containsExactly(
                        new CaseFileGap(
                                NOON.plusSeconds(1),
                                Optional.of(NOON.plusSeconds(99)),
                                "carrier",
                                "of carrier"));
    }

    @Test
    void aSilenceIsNamedAfterWhoEndedIt() {
        assertThat(
                        find(
                                true,
                                entry("customer", 0, OrderHistoryOutcome.DONE),
                                entry("workflow", 34, OrderHistoryOutcome.DONE),
                                entry("workflow", 40, OrderHistoryOutcome.DONE)))
                .singleElement()
                .satisfies(
                        gap -> {
                            assertThat(gap.waitingFor()).isEqualTo("workflow");
                            assertThat(gap.reason())
                                    .isEqualTo(
                                            "No part recorded anything for 34 s; the next step was that of workflow.");
                        });
    }

    @Test
    void anOpenOrderWaitsUntilNowAndAFinalOneForNothing() {
        var last = entry("workflow", -3_600, OrderHistoryOutcome.DONE);
        assertThat(find(false, last))
                .singleElement()
                .satisfies(
                        gap -> {
                            assertThat(gap.until()).isEmpty();
                            assertThat(gap.reason()).contains("60 min");
                        });
        assertThat(find(true, last)).isEmpty();
    }

    @Test
    void anOpenWaitExplainsTheSilenceAndEndsWithTheOrder() {
        var waiting = entry("order-service", -600, OrderHistoryOutcome.WAITING);
        assertThat(find(false, waiting))
                .singleElement()
                .satisfies(gap -> assertThat(gap.waitingFor()).isEqualTo("order-service"));
        assertThat(find(true, waiting)).isEmpty();
    }

    private static List<CaseFileGap> find(boolean isFinal, OrderHistoryEntry... entries) {
        return TimelineGaps.find(
                Stream.of(entries)
                        .map(entry -> new CaseFile.CaseFileEntry("part", entry, false))
                        .toList(),
                Duration.ofSeconds(10),
                isFinal,
                NOON);
    }

    private static OrderHistoryEntry entry(
            String participant, long second, OrderHistoryOutcome outcome) {
        return OrderHistoryEntry.of(
                NOON.plusSeconds(second), participant, "TYPE", outcome, "of " + participant);
    }
}
