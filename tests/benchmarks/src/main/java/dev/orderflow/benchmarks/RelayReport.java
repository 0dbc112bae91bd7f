package dev.orderflow.benchmarks;

import dev.orderflow.benchmarks.BenchCommand.BenchmarkSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// The page and the plots of the measurements of relays.
final class RelayReport {

    private static final String TITLE = "Relays of outboxes";

    private final BenchmarkSettings settings;
    private final String postgresVersion;
    private final Map<RelaySink, List<RelayMeasurement>> results;

    /// @param results of each target
    RelayReport(
            BenchmarkSettings settings,
            String postgresVersion,
            Map<RelaySink, List<RelayMeasurement>> results) {
        this.settings = settings;
        this.postgresVersion = postgresVersion;
        this.results = results;
    }

    BenchmarkReport toReport() {
        var versions = new ArrayList<>(List.of("PostgreSQL " + postgresVersion));
        results.values().stream()
                .flatMap(List::stream)
                .map(it -> it.description)
                .distinct()
                .forEach(versions::add);
        var page = BenchmarkReport.startPage(TITLE, versions);
        page.append(
                """
                %d rounds of %d s; median (least–greatest). The target takes up to ten events and 5 ms a call, and up to 32 calls at a
                time. Live: %d producers store a row and an event in each transaction, as fast as they can, until all are published. From
                commit to acceptance by the target: %d events a second. Times of processors and bytes of write-ahead log are per event and
                include the producers'. JVM: %s.

                """
                        .formatted(
                                settings.rounds(),
                                settings.length().toSeconds(),
                                MeasuredOutbox.PRODUCERS,
                                MeasuredOutbox.LATENCY_RATE,
                                PeerProcess.JVM_OPTIONS));
        results.forEach(
                (sink, measurements) -> {
                    page.append("## %s\n\n".formatted(capitalised(sink.label())));
                    page.append(rates(measurements)).append('\n').append(costs(measurements));
                    page.append('\n');
                });
        page.append(instances());
        return new BenchmarkReport(
                "relay",
                page.toString(),
                Map.of(
                        "relay-rates.svg",
                        plot(
                                TITLE,
                                "published events per second",
                                Map.of("drain", it -> it.drain, "live", it -> it.live)),
                        "relay-latency.svg",
                        plot(
                                TITLE + ": from commit to acceptance, p99",
                                "ms",
                                Map.of("", it -> it.p99))));
    }

    private static String capitalised(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String rates(List<RelayMeasurement> measurements) {
        var ours =
                measurements.stream()
                        .filter(it -> it.contestant == RelayContestant.orderflow)
                        .findFirst()
                        .orElse(null);
        var rows = new ArrayList<List<String>>();
        measurements.forEach(
                it ->
                        rows.add(
                                List.of(
                                        it.description,
                                        it.drain.format("%.0f"),
                                        ours == null
                                                ? ""
                                                : ours.drain.dividedBy(it.drain).format("%.1f"),
                                        it.drainPerCall.formatMedian("%.1f"),
                                        it.live.format("%.0f"),
                                        it.livePerCall.formatMedian("%.1f"),
                                        it.p50.format("%.1f"),
                                        it.p99.format("%.1f"))));
        return BenchmarkReport.table(
                List.of(
                        "",
                        "drain events/s",
                        "ours ÷ this",
                        "drain events/call",
                        "live events/s",
                        "live events/call",
                        "p50 ms",
                        "p99 ms"),
                rows);
    }

    private static String costs(List<RelayMeasurement> measurements) {
        var rows = new ArrayList<List<String>>();
        measurements.forEach(
                it ->
                        rows.add(
                                List.of(
                                        it.description,
                                        it.drainJvmMillis.formatMedian("%.3f"),
                                        it.drainPostgresMillis.formatMedian("%.3f"),
                                        it.liveJvmMillis.formatMedian("%.3f"),
                                        it.livePostgresMillis.formatMedian("%.3f"),
                                        it.liveWalBytes.formatMedian("%.0f"),
                                        Long.toString(it.counts.events()),
                                        "%.1f".formatted(it.tableBytes / 1e6),
                                        Long.toString(it.counts.outOfSequence()),
                                        Long.toString(it.counts.repeats()))));
        return BenchmarkReport.table(
                List.of(
                        "",
                        "drain JVM ms",
                        "drain Postgres ms",
                        "live JVM ms",
                        "live Postgres ms",
                        "live WAL bytes",
                        "events in all",
                        "tables at the end MB",
                        "out of sequence",
                        "repeats"),
                rows);
    }

    private String instances() {
        var measurements =
                results.getOrDefault(RelaySink.process, List.of()).stream()
                        .filter(it -> !it.drainByInstances.isEmpty())
                        .toList();
        if (measurements.isEmpty()) {
            return "";
        }
        var header = new ArrayList<>(List.of(""));
        settings.instances().forEach(count -> header.add("%d × drain events/s".formatted(count)));
        var rows = new ArrayList<List<String>>();
        for (var it : measurements) {
            var row = new ArrayList<>(List.of(it.description));
            settings.instances()
                    .forEach(
                            count ->
                                    row.add(
                                            Objects.requireNonNull(it.drainByInstances.get(count))
                                                    .format("%.0f")));
            rows.add(row);
        }
        return "## Several instances on this machine, target in the process\n\n"
                + BenchmarkReport.table(header, rows);
    }

    private interface MeasuredValue {
        Samples of(RelayMeasurement measurement);
    }

    private String plot(String title, String unit, Map<String, MeasuredValue> values) {
        var groups = new ArrayList<BarChart.BarGroup>();
        results.forEach(
                (sink, measurements) ->
                        values.forEach(
                                (name, value) -> {
                                    var bars = new ArrayList<BarChart.Bar>();
                                    measurements.forEach(
                                            it ->
                                                    bars.add(
                                                            new BarChart.Bar(
                                                                    it.description, value.of(it))));
                                    groups.add(
                                            new BarChart.BarGroup(
                                                    name.isEmpty()
                                                            ? sink.label()
                                                            : name + ", " + sink.label(),
                                                    bars));
                                }));
        return BarChart.svg(title, unit, groups);
    }
}
