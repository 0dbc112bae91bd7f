package dev.orderflow.benchmarks;

import dev.orderflow.benchmarks.BenchCommand.BenchmarkSettings;
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

/// The relay beside other outboxes, each in a process of its own with a database of its own on the
/// same server, with the same target: in the process, and over HTTP with the AWS SDK.
final class RelayBenchmark implements AutoCloseable {

    private static final Duration SINK_LATENCY = Duration.ofMillis(5);

    private final BenchmarkSettings settings;
    private final ProgressTicker progress;
    private final ScratchFolder scratch = ScratchFolder.create();
    private final AwsStub aws = new AwsStub(SINK_LATENCY);
    private final MeasuredPostgres postgres =
            // For Debezium; the same for all.
            new MeasuredPostgres(scratch, Map.of("wal_level", "logical"));
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Shutdown.ShutdownRegistration registration;
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
            var results = new LinkedHashMap<RelaySink, List<RelayMeasurement>>();
            for (var sink : settings.targets()) {
                results.put(sink, benchmark.measure(sink));
            }
            return new RelayReport(settings, benchmark.postgres.version(), results).toReport();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("stopped", stopped);
        }
    }

    private List<RelayMeasurement> measure(RelaySink sink) throws InterruptedException {
        var outboxes = new ArrayList<MeasuredOutbox>();
        for (var contestant : settings.outboxes()) {
            var outbox =
                    new MeasuredOutbox(
                            contestant,
                            sink,
                            postgres,
                            aws.url(),
                            settings,
                            progress,
                            this::closeAtTheEnd);
            outbox.start();
            outboxes.add(outbox);
        }
        for (int round = 1; round <= settings.rounds(); round++) {
            for (var outbox : outboxes) {
                outbox.measure(round);
            }
        }
        outboxes.forEach(MeasuredOutbox::recordTotals);
        if (sink == RelaySink.process) {
            measureInstances(outboxes);
        }
        outboxes.forEach(MeasuredOutbox::stop);
        return outboxes.stream().map(MeasuredOutbox::measurement).toList();
    }

    /// Drains with several instances on the same machine. Also their processors are shared, so this
    /// shows whether instances hinder each other, not how far they scale.
    private void measureInstances(List<MeasuredOutbox> outboxes) throws InterruptedException {
        var several =
                outboxes.stream().filter(it -> it.contestant().hasSeveralInstances()).toList();
        int most = settings.instances().stream().mapToInt(each -> each).max().orElse(1);
        for (var outbox : several) {
            outbox.startInstances(most);
        }
        for (int round = 1; round <= settings.rounds(); round++) {
            for (int instances : settings.instances()) {
                for (var outbox : several) {
                    outbox.measureInstances(round, instances);
                }
            }
        }
    }

    private void closeAtTheEnd(PeerProcess process) {
        synchronized (running) {
            running.push(process);
        }
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
