package dev.orderflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.benchmarks.BenchCommand.BenchmarkSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RelayReportTest {

    @Test
    void everyOutboxIsComparedWithOursWithTheSameTarget() {
        var page =
                page(
                        Map.of(
                                RelaySink.process,
                                List.of(
                                        measured(RelayContestant.namastack, 100),
                                        measured(RelayContestant.orderflow, 400)),
                                RelaySink.http,
                                List.of(
                                        measured(RelayContestant.namastack, 50),
                                        measured(RelayContestant.orderflow, 100))));

        assertThat(page)
                .contains(
                        "| namastack 1.0 | 100 (100–100) | 4.0 (4.0–4.0) |",
                        "| orderflow 1.0 | 400 (400–400) | 1.0 (1.0–1.0) |",
                        "| namastack 1.0 | 50 (50–50) | 2.0 (2.0–2.0) |");
    }

    @Test
    void withoutOursNothingIsCompared() {
        var page =
                page(Map.of(RelaySink.process, List.of(measured(RelayContestant.gruelbox, 100))));

        assertThat(page).contains("| gruelbox 1.0 | 100 (100–100) |  |");
    }

    @Test
    void severalInstancesAreListedForTheOutboxesThatShareABacklog() {
        var ours = measured(RelayContestant.orderflow, 400);
        ours.drainByInstances.computeIfAbsent(1, _ -> new Samples()).add(400);
        ours.drainByInstances.computeIfAbsent(2, _ -> new Samples()).add(700);
        var results =
                Map.of(RelaySink.process, List.of(ours, measured(RelayContestant.debezium, 100)));

        assertThat(page(results))
                .endsWith(
                        """
                        |  | 1 × drain events/s | 2 × drain events/s |
                        | --- | --- | --- |
                        | orderflow 1.0 | 400 (400–400) | 700 (700–700) |
                        """);
    }

    private static String page(Map<RelaySink, List<RelayMeasurement>> results) {
        var settings =
                new BenchmarkSettings(
                        1,
                        Duration.ofSeconds(1),
                        List.of(),
                        Duration.ofSeconds(1),
                        List.of(),
                        List.of(RelaySink.values()),
                        List.of(1, 2),
                        1,
                        1,
                        1,
                        List.of(),
                        List.of(),
                        null);
        return new RelayReport(settings, "18", results).toReport().markdown();
    }

    private static RelayMeasurement measured(RelayContestant contestant, double drain) {
        var measurement = new RelayMeasurement(contestant);
        measurement.description = contestant + " 1.0";
        measurement.drain.add(drain);
        measurement.live.add(drain);
        measurement.p50.add(1);
        measurement.p99.add(2);
        return measurement;
    }
}
