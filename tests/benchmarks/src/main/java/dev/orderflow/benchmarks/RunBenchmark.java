package dev.orderflow.benchmarks;

import dev.orderflow.benchmarks.BenchCommand.BenchmarkSettings;
import dev.orderflow.localmachine.FreePorts;
import dev.orderflow.localmachine.UserFolder;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.ProgressTicker;
import dev.orderflow.localrun.Shutdown;
import dev.orderflow.localrun.SystemClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// How long `./orderflow run` takes to the first accepted order and until everything is ready.
final class RunBenchmark {

    private static final Path ARCHIVE = Path.of("local/run/target/orderflow.jsa");
    private static final Duration LONGEST_START = Duration.ofMinutes(10);

    /// A run that has found no archive writes it when it ends.
    private static final Duration LONGEST_END = Duration.ofMinutes(5);

    /// What `./orderflow` finds of an earlier run.
    private enum RunVariant {
        FIRST("the first run after a build"),
        LATER("a later run, with the class-data archive of the first one");

        private final String label;

        RunVariant(String label) {
            this.label = label;
        }
    }

    private static final class RunMeasurement {
        final Samples firstOrder = new Samples();
        final Samples ready = new Samples();
        final Samples processorSeconds = new Samples();
        final Samples residentMebibytes = new Samples();
        final Samples end = new Samples();
    }

    private final BenchmarkSettings settings;
    private final ProgressTicker progress;
    private final Path log = UserFolder.temporary().resolve("bench-run.log");
    private final Map<RunVariant, RunMeasurement> results = new EnumMap<>(RunVariant.class);

    private RunBenchmark(BenchmarkSettings settings, ProgressTicker progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /// @throws BenchmarkFailedException when the system does not start
    static BenchmarkReport run(BenchmarkSettings settings, ProgressTicker progress) {
        var benchmark = new RunBenchmark(settings, progress);
        try {
            progress.print("building what is missing");
            benchmark.await(benchmark.launch("run", "--help"), LONGEST_START);
            for (int round = 1; round <= settings.rounds(); round++) {
                Files.deleteIfExists(ARCHIVE);
                for (var variant : RunVariant.values()) {
                    benchmark.measure(round, variant);
                }
            }
            return benchmark.report();
        } catch (IOException failed) {
            throw new BenchmarkFailedException(
                    "the launcher of ./orderflow run cannot be started", failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("stopped", stopped);
        }
    }

    private Process launch(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("./orderflow"));
        command.addAll(List.of(arguments));
        var builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("ORDERFLOW_JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private void measure(int round, RunVariant variant) throws IOException, InterruptedException {
        int orderPort = FreePorts.findOne();
        int issuerPort = FreePorts.findOne();
        long startedAt = System.nanoTime();
        var process =
                launch(
                        "run",
                        "--free-ports",
                        "--port=" + Component.ORDER_SERVICE.label() + "=" + orderPort,
                        "--port=" + Component.DEVELOPMENT_ISSUER.label() + "=" + issuerPort);
        var result = results.computeIfAbsent(variant, _ -> new RunMeasurement());
        try (var _ = Shutdown.register(process::destroy)) {
            awaitFirstOrder(
                    process,
                    Map.of(
                            Component.ORDER_SERVICE, url(orderPort),
                            Component.DEVELOPMENT_ISSUER, url(issuerPort)));
            result.firstOrder.add(secondsSince(startedAt));
            while (!Files.readString(log).contains("Ready after ")) {
                requireRunning(process, startedAt);
                TimeUnit.MILLISECONDS.sleep(20);
            }
            result.ready.add(secondsSince(startedAt));
            result.processorSeconds.add(ProcessorTime.ofTree(process.pid()).toMillis() / 1000.0);
            result.residentMebibytes.add(ProcessMemory.of(process.pid()).residentMebibytes());
            long endedAt = System.nanoTime();
            process.destroy();
            await(process, LONGEST_END);
            result.end.add(secondsSince(endedAt));
        } finally {
            process.destroy();
        }
        progress.print(
                "round %d of %d, %s: first order after %.1f s, ready after %.1f s, %.1f s of processors"
                        .formatted(
                                round,
                                settings.rounds(),
                                variant.label,
                                result.firstOrder.latest(),
                                result.ready.latest(),
                                result.processorSeconds.latest()));
    }

    /// A customer who tries until the order is accepted.
    private void awaitFirstOrder(Process process, Map<Component, URI> urls)
            throws InterruptedException {
        long startedAt = System.nanoTime();
        var customer =
                new SystemClient(component -> Objects.requireNonNull(urls.get(component)), "");
        var key = UUID.randomUUID().toString();
        while (true) {
            try {
                customer.placeOrder("ada", key, "MUG-BLUE", 1, "pm_card_visa");
                return;
            } catch (RuntimeException _) {
                requireRunning(process, startedAt);
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    private void requireRunning(Process process, long startedAt) {
        if (!process.isAlive() || secondsSince(startedAt) > LONGEST_START.toSeconds()) {
            throw new BenchmarkFailedException(
                    "./orderflow run is not ready; its output is in " + log);
        }
    }

    private void await(Process process, Duration longest) throws InterruptedException {
        if (!process.waitFor(longest.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new BenchmarkFailedException(
                    "./orderflow run did not end; its output is in " + log);
        }
    }

    private static URI url(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private BenchmarkReport report() {
        var page = BenchmarkReport.startPage("From ./orderflow run to the first order", List.of());
        page.append(
                """
                %d rounds; median (least–greatest), in seconds. An order is tried every 20 ms until it is accepted. All components are in one JVM;
                processor time is that of this JVM and of Postgres until everything is ready, as is resident memory, of the JVM. The first
                run writes the archive when it ends.

                """
                        .formatted(settings.rounds()));
        var rows = new ArrayList<List<String>>();
        var groups = new ArrayList<BarChart.BarGroup>();
        results.forEach(
                (variant, it) -> {
                    rows.add(
                            List.of(
                                    variant.label,
                                    it.firstOrder.format("%.1f"),
                                    it.ready.format("%.1f"),
                                    it.processorSeconds.format("%.1f"),
                                    it.residentMebibytes.formatMedian("%.0f"),
                                    it.end.formatMedian("%.1f")));
                    groups.add(
                            new BarChart.BarGroup(
                                    variant.label,
                                    List.of(
                                            new BarChart.Bar("first order", it.firstOrder),
                                            new BarChart.Bar("ready", it.ready))));
                });
        page.append(
                BenchmarkReport.table(
                        List.of("", "first order", "ready", "processors", "MiB", "end"), rows));
        return new BenchmarkReport(
                "run",
                page.toString(),
                Map.of("run.svg", BarChart.svg("From ./orderflow run", "seconds", groups)));
    }
}
