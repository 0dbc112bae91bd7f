package dev.orderflow.benchmarks;

import dev.orderflow.benchmarks.BenchCommand.BenchmarkSettings;
import dev.orderflow.benchmarks.PeerProcess.PeerCounts;
import dev.orderflow.localmachine.UserFolder;
import dev.orderflow.localpostgres.LocalPostgres;
import dev.orderflow.localrun.ProgressTicker;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// An outbox with one target: its database, its processes, and the measurements that they take.
final class MeasuredOutbox {

    static final int PRODUCERS = 4;

    /// How many events a second the latency is measured with.
    static final int LATENCY_RATE = 200;

    private static final int FIRST_DRAIN = 2_000;
    private static final int MAX_DRAIN = 200_000;
    private static final int EVENTS_PER_TRANSACTION = 100;

    /// How many events may wait while an outbox is warmed up. One that stores ten times as fast as
    /// it publishes would otherwise spend its time on a backlog.
    private static final int MOST_WAITING_IN_WARM_UP = 5_000;

    /// Longer than the relays need to share the keys among them.
    private static final Duration REBALANCING = Duration.ofSeconds(15);

    /// An outbox that publishes nothing for so long will not.
    private static final Duration STUCK = Duration.ofMinutes(2);

    private final RelayContestant contestant;
    private final RelaySink sink;
    private final MeasuredPostgres postgres;
    private final URI httpTarget;
    private final BenchmarkSettings settings;
    private final ProgressTicker progress;
    private final Consumer<PeerProcess> onStarted;
    private final List<PeerProcess> instances = new ArrayList<>();
    private final RelayMeasurement measurement;

    /// How many events it publishes in the length of a measurement.
    private int drainSize = FIRST_DRAIN;

    private String tables = "";

    /// @param httpTarget where events are published over HTTP
    /// @param onStarted receives each process, to end it if this is not closed
    MeasuredOutbox(
            RelayContestant contestant,
            RelaySink sink,
            MeasuredPostgres postgres,
            URI httpTarget,
            BenchmarkSettings settings,
            ProgressTicker progress,
            Consumer<PeerProcess> onStarted) {
        this.contestant = contestant;
        this.sink = sink;
        this.postgres = postgres;
        this.httpTarget = httpTarget;
        this.settings = settings;
        this.progress = progress;
        this.onStarted = onStarted;
        this.measurement = new RelayMeasurement(contestant);
    }

    RelayContestant contestant() {
        return contestant;
    }

    RelayMeasurement measurement() {
        return measurement;
    }

    /// Creates the database and starts the first instance.
    void start() throws InterruptedException {
        postgres.execute("postgres", "CREATE DATABASE " + database());
        var process = startInstance();
        measurement.description = process.execute("describe");
        tables = process.execute("tables");
        warmUp(process);
    }

    private String database() {
        return (contestant + "_" + sink).toLowerCase(Locale.ROOT);
    }

    private PeerProcess startInstance() {
        progress.print("starting %s, %s".formatted(contestant, sink.label()));
        var arguments =
                new ArrayList<>(
                        List.of(postgres.url(database()), LocalPostgres.USER, postgres.password()));
        if (sink == RelaySink.http) {
            arguments.add(httpTarget.toString());
        }
        var logName = "bench-relay-%s-%d.log".formatted(database(), instances.size() + 1);
        var process =
                new PeerProcess(
                        contestant.name().toUpperCase(Locale.ROOT),
                        // It stays after the end, for failures.
                        UserFolder.temporary().resolve(logName),
                        arguments);
        onStarted.accept(process);
        instances.add(process);
        return process;
    }

    /// Stores and publishes until the rate is flat, then finds out how many events it publishes in
    /// the length of a measurement.
    private void warmUp(PeerProcess process) throws InterruptedException {
        process.execute("start");
        var rates = new ArrayList<Double>();
        int window = 5;
        for (long seconds = 0; seconds < settings.longestWarmUp().toSeconds(); seconds += window) {
            rates.add((double) warmUpFor(process, window) / window);
            progress.print(
                    "warming up %s, %s: %.0f events/s stored"
                            .formatted(contestant, sink.label(), rates.getLast()));
            if (rates.size() >= 3
                    && Samples.isFlat(rates.subList(rates.size() - 3, rates.size()))) {
                break;
            }
        }
        awaitQuiet(process);
        process.execute("stop");
        double perSecond = drain(process, FIRST_DRAIN, new RelayMeasurement(contestant));
        drainSize =
                (int)
                        Math.clamp(
                                (long) (perSecond * settings.length().toSeconds()),
                                FIRST_DRAIN,
                                MAX_DRAIN);
    }

    /// Stores and publishes, and stores no faster than it publishes.
    ///
    /// @return how many events were stored
    private static long warmUpFor(PeerProcess process, long seconds) {
        return Long.parseLong(
                process.execute(
                        "live %d %d %d".formatted(seconds, PRODUCERS, MOST_WAITING_IN_WARM_UP)));
    }

    /// Takes each measurement once.
    void measure(int round) throws InterruptedException {
        var process = instances.getFirst();
        drain(process, drainSize, measurement);
        process.execute("start");
        measureLive(process);
        measureLatency(process);
        process.execute("stop");
        progress.print(
                "round %d of %d, %s, %s: drain %.0f/s, live %.0f/s, p50 %.1f ms, p99 %.1f ms"
                        .formatted(
                                round,
                                settings.rounds(),
                                contestant,
                                sink.label(),
                                measurement.drain.latest(),
                                measurement.live.latest(),
                                measurement.p50.latest(),
                                measurement.p99.latest()));
    }

    /// Publishes a backlog.
    ///
    /// @return events per second, from the first that was found published to the last
    private double drain(PeerProcess process, int events, RelayMeasurement into)
            throws InterruptedException {
        process.execute("backlog %d %d".formatted(events, EVENTS_PER_TRANSACTION));
        postgres.execute("postgres", "CHECKPOINT");
        var before = process.counts();
        var jvmBefore = process.processorTime();
        var postgresBefore = postgres.processorTime();
        process.execute("start");
        var atFirst = awaitCount(List.of(process), before.events() + 1);
        long firstAt = System.nanoTime();
        var counts = awaitCount(List.of(process), before.events() + events);
        double seconds = (System.nanoTime() - firstAt) / 1e9;
        // What it does after the last event belongs to the costs.
        awaitQuiet(process);
        into.drainJvmMillis.add(
                (double) process.processorTime().minus(jvmBefore).toMillis() / events);
        into.drainPostgresMillis.add(
                (double) postgres.processorTime().minus(postgresBefore).toMillis() / events);
        into.drainPerCall.add(
                (double) (counts.events() - before.events()) / (counts.calls() - before.calls()));
        double perSecond =
                Math.max(1, counts.events() - atFirst.events()) / Math.max(seconds, 0.001);
        into.drain.add(perSecond);
        process.execute("stop");
        return perSecond;
    }

    /// Stores as fast as it can and publishes at the same time.
    private void measureLive(PeerProcess process) throws InterruptedException {
        var before = process.counts();
        var jvmBefore = process.processorTime();
        var postgresBefore = postgres.processorTime();
        long walBefore = postgres.walBytes();
        long startedAt = System.nanoTime();
        long stored =
                Long.parseLong(
                        process.execute(
                                "live %d %d".formatted(settings.length().toSeconds(), PRODUCERS)));
        var counts = awaitCount(List.of(process), before.events() + stored);
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

    private void measureLatency(PeerProcess process) {
        var latencies =
                process.execute("rate %d %d".formatted(LATENCY_RATE, settings.length().toSeconds()))
                        .split(" ");
        measurement.p50.add(Long.parseLong(latencies[1]) / 1e6);
        measurement.p99.add(Long.parseLong(latencies[2]) / 1e6);
    }

    /// Records the events in all and the size of the tables.
    void recordTotals() {
        measurement.counts = instances.getFirst().counts();
        for (var table : tables.split(" ")) {
            measurement.tableBytes +=
                    Long.parseLong(
                            postgres.query(
                                    database(),
                                    "SELECT coalesce(pg_total_relation_size(to_regclass('%s')), 0)"
                                            .formatted(table)));
        }
    }

    /// Starts further instances and warms them up.
    void startInstances(int wanted) throws InterruptedException {
        while (instances.size() < wanted) {
            var process = startInstance();
            process.execute("start");
            warmUpFor(process, settings.length().toSeconds());
            awaitQuiet(process);
            process.execute("stop");
        }
    }

    /// Publishes a backlog with several instances. It is committed at once, while the relays run
    /// and have shared the keys among them.
    void measureInstances(int round, int number) throws InterruptedException {
        var several = instances.subList(0, number);
        for (var each : several) {
            each.execute("start");
        }
        Thread.sleep(REBALANCING);
        var before = counts(several);
        several.getFirst().execute("backlog %d %d".formatted(drainSize, drainSize));
        long storedAt = System.nanoTime();
        awaitCount(several, before.events() + drainSize);
        double perSecond = drainSize / ((System.nanoTime() - storedAt) / 1e9);
        several.forEach(each -> each.execute("stop"));
        measurement.drainByInstances.computeIfAbsent(number, _ -> new Samples()).add(perSecond);
        progress.print(
                "round %d of %d, %s, %d instances: drain %.0f/s"
                        .formatted(round, settings.rounds(), contestant, number, perSecond));
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

    /// Waits until so many events are published.
    ///
    /// @throws BenchmarkFailedException when nothing is published for [#STUCK]
    private PeerCounts awaitCount(List<PeerProcess> processes, long events)
            throws InterruptedException {
        var left = new AtomicLong();
        progress.setActivity(
                () ->
                        "%s, %s: %d events are not published yet"
                                .formatted(contestant, sink.label(), left.get()));
        try {
            long giveUp = System.nanoTime() + STUCK.toNanos();
            var counts = counts(processes);
            while (counts.events() < events) {
                long now = events - counts.events();
                if (left.getAndSet(now) != now) {
                    giveUp = System.nanoTime() + STUCK.toNanos();
                } else if (System.nanoTime() > giveUp) {
                    throw new BenchmarkFailedException(
                            "%s published nothing in %s; %d events are left"
                                    .formatted(contestant, STUCK, left.get()));
                }
                Thread.sleep(5);
                counts = counts(processes);
            }
            return counts;
        } finally {
            progress.setActivity(() -> "");
        }
    }

    private static PeerCounts counts(List<PeerProcess> processes) {
        return processes.stream()
                .map(PeerProcess::counts)
                .reduce(new PeerCounts(0, 0, 0, 0), PeerCounts::plus);
    }

    /// Ends the processes. The database stays.
    void stop() {
        instances.forEach(PeerProcess::close);
        if (contestant == RelayContestant.debezium) {
            // It would keep the write-ahead log of the rest.
            postgres.execute(
                    "postgres",
                    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
        }
    }
}
