package dev.orderflow.benchmarks;

import dev.orderflow.benchmarks.BenchCommand.BenchmarkSettings;
import dev.orderflow.benchmarks.PeerProcess.PeerCounts;
import dev.orderflow.localmachine.UserFolder;
import dev.orderflow.localpostgres.LocalPostgres;
import dev.orderflow.localpostgres.ScratchFolder;
import dev.orderflow.localrun.ProgressTicker;
import dev.orderflow.localrun.Shutdown;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The relay beside other outboxes, each in a process of its own with a database of its own on the
/// same server, with the same target: in the process, and over HTTP with the AWS SDK.
final class RelayBenchmark implements AutoCloseable {

    /// How many events a second the latency is measured with.
    private static final int LATENCY_RATE = 200;

    private static final int PRODUCERS = 4;
    private static final int FIRST_DRAIN = 2_000;
    private static final int EVENTS_PER_TRANSACTION = 100;

    /// Longer than the relays need to share the keys among them.
    private static final Duration REBALANCING = Duration.ofSeconds(15);

    private static final int MAX_DRAIN = 200_000;
    private static final Duration SINK_LATENCY = Duration.ofMillis(5);
    private static final Duration GIVE_UP = Duration.ofMinutes(10);

    /// The outboxes by their names in `PeerLibrary`.
    enum RelayContestant {
        orderflow(true),
        namastack(true),
        gruelbox(true),
        /// Publishes a backlog of another instance only when it is started.
        modulith(false),
        debezium(false);

        private final boolean hasSeveralInstances;

        RelayContestant(boolean hasSeveralInstances) {
            this.hasSeveralInstances = hasSeveralInstances;
        }
    }

    private enum RelaySink {
        PROCESS("target in the process"),
        HTTP("target over HTTP");

        private final String label;

        RelaySink(String label) {
            this.label = label;
        }
    }

    /// What is measured of an outbox.
    private static final class RelayMeasurement {
        final Samples drain = new Samples();
        final Samples drainPerCall = new Samples();
        final Samples drainJvmMillis = new Samples();
        final Samples drainPostgresMillis = new Samples();
        final Samples live = new Samples();
        final Samples livePerCall = new Samples();
        final Samples liveJvmMillis = new Samples();
        final Samples livePostgresMillis = new Samples();
        final Samples liveWalBytes = new Samples();
        final Samples p50 = new Samples();
        final Samples p99 = new Samples();
        final Map<Integer, Samples> drainByInstances = new LinkedHashMap<>();
        String description = "";
        String tables = "";
        PeerCounts counts = new PeerCounts(0, 0, 0, 0);
        long tableBytes;
    }

    private final BenchmarkSettings settings;
    private final ProgressTicker progress;
    private final ScratchFolder scratch = ScratchFolder.create();
    private final AwsStub aws = new AwsStub(SINK_LATENCY);
    private final MeasuredPostgres postgres =
            // For Debezium; the same for all.
            new MeasuredPostgres(scratch, Map.of("wal_level", "logical"));
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Shutdown.ShutdownRegistration registration;
    private final Map<RelayContestant, List<PeerProcess>> processes = new LinkedHashMap<>();
    private final Map<RelayContestant, Integer> drainSizes = new LinkedHashMap<>();
    private final Map<RelaySink, Map<RelayContestant, RelayMeasurement>> results =
            new LinkedHashMap<>();
    private boolean closed;

    private RelayBenchmark(BenchmarkSettings settings, ProgressTicker progress) {
        this.settings = settings;
        this.progress = progress;
        running.push(aws);
        running.push(postgres);
        registration = Shutdown.register(this);
    }

    /// @throws BenchmarkFailedException when something does not start or publishes nothing
    static BenchmarkReport run(BenchmarkSettings settings, ProgressTicker progress) {
        try (var benchmark = new RelayBenchmark(settings, progress)) {
            benchmark.postgres.start();
            for (var sink : RelaySink.values()) {
                benchmark.measure(sink);
            }
            return benchmark.report();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("stopped", stopped);
        }
    }

    private void measure(RelaySink sink) throws InterruptedException {
        var measurements = new LinkedHashMap<RelayContestant, RelayMeasurement>();
        results.put(sink, measurements);
        for (var contestant : settings.outboxes()) {
            var measurement = new RelayMeasurement();
            measurements.put(contestant, measurement);
            postgres.execute("postgres", "CREATE DATABASE " + database(contestant, sink));
            var process = start(contestant, sink);
            measurement.description = process.execute("describe");
            measurement.tables = process.execute("tables");
            warmUp(contestant, sink, process);
        }
        for (int round = 1; round <= settings.rounds(); round++) {
            for (var contestant : settings.outboxes()) {
                measure(round, contestant, sink, get(measurements, contestant));
            }
        }
        for (var contestant : settings.outboxes()) {
            var measurement = get(measurements, contestant);
            measurement.counts = first(contestant).counts();
            measurement.tableBytes = tableBytes(contestant, sink, measurement.tables);
        }
        if (sink == RelaySink.PROCESS) {
            measureInstances(measurements);
        }
        processes.values().forEach(each -> each.forEach(PeerProcess::close));
        processes.clear();
        for (var contestant : settings.outboxes()) {
            if (contestant == RelayContestant.debezium) {
                // It would keep the write-ahead log of the rest.
                postgres.execute(
                        "postgres",
                        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
            }
        }
    }

    private static RelayMeasurement get(
            Map<RelayContestant, RelayMeasurement> measurements, RelayContestant contestant) {
        return Objects.requireNonNull(measurements.get(contestant), "not measured");
    }

    private static String database(RelayContestant contestant, RelaySink sink) {
        return (contestant + "_" + sink).toLowerCase(java.util.Locale.ROOT);
    }

    private PeerProcess start(RelayContestant contestant, RelaySink sink) {
        var started = processes.computeIfAbsent(contestant, _ -> new ArrayList<>());
        progress.print("starting %s, %s".formatted(contestant, sink.label));
        var arguments =
                new ArrayList<>(
                        List.of(
                                postgres.url(database(contestant, sink)),
                                LocalPostgres.USER,
                                postgres.password()));
        if (sink == RelaySink.HTTP) {
            arguments.add(aws.url().toString());
        }
        var process =
                new PeerProcess(
                        contestant.name().toUpperCase(java.util.Locale.ROOT),
                        // It stays after the end, for failures.
                        UserFolder.temporary()
                                .resolve(
                                        "bench-relay-%s-%d.log"
                                                .formatted(
                                                        database(contestant, sink),
                                                        started.size() + 1)),
                        arguments);
        synchronized (running) {
            running.push(process);
        }
        started.add(process);
        return process;
    }

    private PeerProcess first(RelayContestant contestant) {
        return Objects.requireNonNull(processes.get(contestant), "not started").getFirst();
    }

    /// Stores and publishes until the rate is flat, then finds out how many events it publishes in
    /// the length of a measurement.
    private void warmUp(RelayContestant contestant, RelaySink sink, PeerProcess process)
            throws InterruptedException {
        process.execute("start");
        var rates = new ArrayList<Double>();
        int window = 5;
        for (long seconds = 0; seconds < settings.longestWarmUp().toSeconds(); seconds += window) {
            rates.add(
                    Double.parseDouble(process.execute("live %d %d".formatted(window, PRODUCERS)))
                            / window);
            progress.print(
                    "warming up %s, %s: %.0f events/s stored"
                            .formatted(contestant, sink.label, rates.getLast()));
            if (rates.size() >= 3
                    && Samples.isFlat(rates.subList(rates.size() - 3, rates.size()))) {
                break;
            }
        }
        awaitQuiet(process);
        process.execute("stop");
        double perSecond = drain(contestant, process, FIRST_DRAIN, new RelayMeasurement());
        drainSizes.put(
                contestant,
                (int)
                        Math.clamp(
                                (long) (perSecond * settings.length().toSeconds()),
                                FIRST_DRAIN,
                                MAX_DRAIN));
    }

    /// Waits until a process publishes nothing more.
    private static void awaitQuiet(PeerProcess process) throws InterruptedException {
        long before = -1;
        long now = process.counts().events();
        while (now != before) {
            before = now;
            Thread.sleep(1_500);
            now = process.counts().events();
        }
    }

    private void measure(
            int round, RelayContestant contestant, RelaySink sink, RelayMeasurement measurement)
            throws InterruptedException {
        var process = first(contestant);
        drain(contestant, process, drainSize(contestant), measurement);
        process.execute("start");
        live(contestant, process, measurement);
        var latencies =
                process.execute("rate %d %d".formatted(LATENCY_RATE, settings.length().toSeconds()))
                        .split(" ");
        measurement.p50.add(Long.parseLong(latencies[1]) / 1e6);
        measurement.p99.add(Long.parseLong(latencies[2]) / 1e6);
        process.execute("stop");
        progress.print(
                "round %d of %d, %s, %s: drain %.0f/s, live %.0f/s, p50 %.1f ms, p99 %.1f ms"
                        .formatted(
                                round,
                                settings.rounds(),
                                contestant,
                                sink.label,
                                measurement.drain.latest(),
                                measurement.live.latest(),
                                measurement.p50.latest(),
                                measurement.p99.latest()));
    }

    private int drainSize(RelayContestant contestant) {
        return Objects.requireNonNull(drainSizes.get(contestant), "not warmed up");
    }

    /// Publishes a backlog.
    ///
    /// @return events per second, from the first that was found published to the last
    private double drain(
            RelayContestant contestant,
            PeerProcess process,
            int events,
            RelayMeasurement measurement)
            throws InterruptedException {
        process.execute("backlog %d %d".formatted(events, EVENTS_PER_TRANSACTION));
        postgres.execute("postgres", "CHECKPOINT");
        var before = process.counts();
        var jvmBefore = process.processorTime();
        var postgresBefore = postgres.processorTime();
        process.execute("start");
        var atFirst = awaitCount(contestant, List.of(process), before.events() + 1);
        long firstAt = System.nanoTime();
        var counts = awaitCount(contestant, List.of(process), before.events() + events);
        double seconds = (System.nanoTime() - firstAt) / 1e9;
        // What it does after the last event belongs to the costs.
        awaitQuiet(process);
        measurement.drainJvmMillis.add(
                (double) process.processorTime().minus(jvmBefore).toMillis() / events);
        measurement.drainPostgresMillis.add(
                (double) postgres.processorTime().minus(postgresBefore).toMillis() / events);
        measurement.drainPerCall.add(
                (double) (counts.events() - before.events()) / (counts.calls() - before.calls()));
        double perSecond =
                Math.max(1, counts.events() - atFirst.events()) / Math.max(seconds, 0.001);
        measurement.drain.add(perSecond);
        process.execute("stop");
        return perSecond;
    }

    /// Waits until so many events are published.
    private static PeerCounts awaitCount(
            RelayContestant contestant, List<PeerProcess> instances, long events)
            throws InterruptedException {
        long giveUp = System.nanoTime() + GIVE_UP.toNanos();
        var counts = counts(instances);
        while (counts.events() < events) {
            if (System.nanoTime() > giveUp) {
                throw new BenchmarkFailedException(
                        "%s published %d of %d events in %s"
                                .formatted(contestant, counts.events(), events, GIVE_UP));
            }
            Thread.sleep(5);
            counts = counts(instances);
        }
        return counts;
    }

    private static PeerCounts counts(List<PeerProcess> instances) {
        return instances.stream()
                .map(PeerProcess::counts)
                .reduce(new PeerCounts(0, 0, 0, 0), PeerCounts::plus);
    }

    /// Stores as fast as it can and publishes at the same time.
    private void live(RelayContestant contestant, PeerProcess process, RelayMeasurement measurement)
            throws InterruptedException {
        var before = process.counts();
        var jvmBefore = process.processorTime();
        var postgresBefore = postgres.processorTime();
        long walBefore = postgres.walBytes();
        long startedAt = System.nanoTime();
        long stored =
                Long.parseLong(
                        process.execute(
                                "live %d %d".formatted(settings.length().toSeconds(), PRODUCERS)));
        var counts = awaitCount(contestant, List.of(process), before.events() + stored);
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        measurement.live.add(stored / seconds);
        measurement.livePerCall.add(
                (double) (counts.events() - before.events()) / (counts.calls() - before.calls()));
        measurement.liveJvmMillis.add(
                (double) process.processorTime().minus(jvmBefore).toMillis() / stored);
        measurement.livePostgresMillis.add(
                (double) postgres.processorTime().minus(postgresBefore).toMillis() / stored);
        measurement.liveWalBytes.add((double) (postgres.walBytes() - walBefore) / stored);
    }

    private long tableBytes(RelayContestant contestant, RelaySink sink, String tables) {
        long bytes = 0;
        for (var table : tables.split(" ")) {
            bytes +=
                    Long.parseLong(
                            postgres.query(
                                    database(contestant, sink),
                                    "SELECT coalesce(pg_total_relation_size(to_regclass('%s')), 0)"
                                            .formatted(table)));
        }
        return bytes;
    }

    /// Drains with several instances on the same machine. Also their processors are shared, so this
    /// shows whether instances hinder each other, not how far they scale.
    private void measureInstances(Map<RelayContestant, RelayMeasurement> measurements)
            throws InterruptedException {
        var several =
                settings.outboxes().stream().filter(each -> each.hasSeveralInstances).toList();
        int most = settings.instances().stream().mapToInt(each -> each).max().orElse(1);
        for (var contestant : several) {
            while (Objects.requireNonNull(processes.get(contestant)).size() < most) {
                var process = start(contestant, RelaySink.PROCESS);
                process.execute("start");
                process.execute("live %d %d".formatted(settings.length().toSeconds(), PRODUCERS));
                awaitQuiet(process);
                process.execute("stop");
            }
        }
        for (int round = 1; round <= settings.rounds(); round++) {
            for (int instances : settings.instances()) {
                for (var contestant : several) {
                    double perSecond = drainWith(contestant, instances);
                    get(measurements, contestant)
                            .drainByInstances
                            .computeIfAbsent(instances, _ -> new Samples())
                            .add(perSecond);
                    progress.print(
                            "round %d of %d, %s, %d instances: drain %.0f/s"
                                    .formatted(
                                            round,
                                            settings.rounds(),
                                            contestant,
                                            instances,
                                            perSecond));
                }
            }
        }
    }

    /// Publishes a backlog that is committed at once while the relays run and have shared the keys
    /// among them.
    private double drainWith(RelayContestant contestant, int number) throws InterruptedException {
        var instances =
                Objects.requireNonNull(processes.get(contestant), "not started").subList(0, number);
        int events = drainSize(contestant);
        for (var each : instances) {
            each.execute("start");
        }
        Thread.sleep(REBALANCING);
        var before = counts(instances);
        instances.getFirst().execute("backlog %d %d".formatted(events, events));
        long storedAt = System.nanoTime();
        awaitCount(contestant, instances, before.events() + events);
        double perSecond = events / ((System.nanoTime() - storedAt) / 1e9);
        instances.forEach(each -> each.execute("stop"));
        return perSecond;
    }

    private BenchmarkReport report() {
        var versions = new ArrayList<>(List.of("PostgreSQL " + postgres.version()));
        results.values().iterator().next().values().forEach(it -> versions.add(it.description));
        var page = BenchmarkReport.startPage("Relays of outboxes", versions);
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
                                PRODUCERS,
                                LATENCY_RATE,
                                PeerProcess.JVM_OPTIONS));
        results.forEach(
                (sink, measurements) -> {
                    page.append("## %s\n\n".formatted(capitalised(sink.label)));
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
                                "Relays of outboxes",
                                "published events per second",
                                Map.of("drain", it -> it.drain, "live", it -> it.live)),
                        "relay-latency.svg",
                        plot(
                                "Relays of outboxes: from commit to acceptance, p99",
                                "ms",
                                Map.of("", it -> it.p99))));
    }

    private static String capitalised(String text) {
        return text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1);
    }

    private static String rates(Map<RelayContestant, RelayMeasurement> measurements) {
        var ours = measurements.get(RelayContestant.orderflow);
        var rows = new ArrayList<List<String>>();
        measurements
                .values()
                .forEach(
                        it ->
                                rows.add(
                                        List.of(
                                                it.description,
                                                it.drain.format("%.0f"),
                                                ours == null
                                                        ? ""
                                                        : ours.drain
                                                                .dividedBy(it.drain)
                                                                .format("%.1f"),
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

    private static String costs(Map<RelayContestant, RelayMeasurement> measurements) {
        var rows = new ArrayList<List<String>>();
        measurements
                .values()
                .forEach(
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
                Objects.requireNonNull(results.get(RelaySink.PROCESS)).values().stream()
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
                                    measurements
                                            .values()
                                            .forEach(
                                                    it ->
                                                            bars.add(
                                                                    new BarChart.Bar(
                                                                            it.description,
                                                                            value.of(it))));
                                    groups.add(
                                            new BarChart.BarGroup(
                                                    name.isEmpty()
                                                            ? sink.label
                                                            : name + ", " + sink.label,
                                                    bars));
                                }));
        return BarChart.svg(title, unit, groups);
    }

    @Override
    public void close() {
        List<AutoCloseable> components;
        synchronized (running) {
            if (closed) {
                return;
            }
            closed = true;
            components = List.copyOf(running);
        }
        for (var component : components) {
            try {
                component.close();
            } catch (Exception stubborn) {
                throw new IllegalStateException("a component failed to stop", stubborn);
            }
        }
        scratch.close();
        registration.close();
    }
}
