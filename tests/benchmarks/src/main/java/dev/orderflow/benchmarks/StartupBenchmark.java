package dev.orderflow.benchmarks;

import dev.orderflow.benchmarks.BenchCommand.BenchmarkSettings;
import dev.orderflow.localmachine.UserFolder;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.DemoCatalogue;
import dev.orderflow.localrun.ProgressTicker;
import dev.orderflow.localrun.container.CacheTraining;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// How long each service takes to start and how much memory it needs, as its image runs it and in
/// other ways.
final class StartupBenchmark {

    /// What a JVM chooses by percentage, it chooses as in a container of this size.
    private static final String CONTAINER_MEMORY = "-XX:MaxRAM=512m";

    /// How a service is packed and started.
    private enum Variant {
        PLAIN("jar"),
        EXTRACTED("extracted jar"),
        CACHE_BEFORE_DATABASE("AOT cache of a start that ends before the database"),
        CACHE("AOT cache of a complete start, as the image");

        private final String label;

        Variant(String label) {
            this.label = label;
        }
    }

    private static final class StartMeasurement {
        final Samples seconds = new Samples();
        final Samples processorSeconds = new Samples();
        final Samples residentMebibytes = new Samples();
    }

    private final BenchmarkSettings settings;
    private final ProgressTicker progress;
    private final MeasuredSystem system;
    private final Path folder;
    private final List<String> imageOptions;
    private final Map<String, String> imageEnvironment;
    private final Map<Component, Map<Variant, StartMeasurement>> results =
            new EnumMap<>(Component.class);
    private final Map<Component, Samples> peaks = new EnumMap<>(Component.class);
    private final Map<Component, Samples> loaded = new EnumMap<>(Component.class);
    private final Samples systemStart = new Samples();

    private StartupBenchmark(
            BenchmarkSettings settings,
            ProgressTicker progress,
            MeasuredSystem system,
            Path folder) {
        this.settings = settings;
        this.progress = progress;
        this.system = system;
        this.folder = folder;
        this.imageOptions = CacheTraining.imageOptions(Path.of("deploy/image/jvm"));
        this.imageEnvironment = CacheTraining.imageEnvironment(Path.of("Dockerfile"));
    }

    /// @throws BenchmarkFailedException when a service does not start
    static BenchmarkReport run(BenchmarkSettings settings, ProgressTicker progress) {
        Path folder;
        try {
            folder = Files.createTempDirectory("bench-startup-");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        try (var system = MeasuredSystem.start(List.of(), progress)) {
            var benchmark = new StartupBenchmark(settings, progress, system, folder);
            for (var service : settings.services()) {
                benchmark.prepare(service);
            }
            for (int round = 1; round <= settings.rounds(); round++) {
                for (var service : settings.services()) {
                    for (var variant : Variant.values()) {
                        benchmark.measure(round, service, variant);
                    }
                }
            }
            if (settings.services().size() == Component.services().size()) {
                benchmark.measureUnderLoad();
            }
            return benchmark.report();
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Extracts the jar and creates the caches. Also migrates the service's database, so that every
    /// measured start finds it migrated.
    private void prepare(Component service) {
        progress.print("extracting and training " + service.label());
        var jar = CacheTraining.executableJar(Path.of(""), service);
        run(
                List.of(
                        MeasuredService.java(),
                        "-Djarmode=tools",
                        "-jar",
                        jar.toString(),
                        "extract",
                        "--destination",
                        folder.resolve(service.label()).toString()),
                service + "-extract");
        // As the image was trained before: the start ends before connections are opened.
        run(
                List.of(
                        MeasuredService.java(),
                        "-XX:AOTCacheOutput=" + cache(service, Variant.CACHE_BEFORE_DATABASE),
                        "-Dspring.context.exit=onRefresh",
                        "-Dspring.profiles.active=container,local",
                        "-jar",
                        extracted(service).toString()),
                service + "-training");
        CacheTraining.train(
                service,
                Path.of(MeasuredService.java()),
                extracted(service),
                imageOptions,
                system.arguments(service),
                system.url(service.management()),
                cache(service, Variant.CACHE),
                log(service + "-complete-training"));
    }

    private Path extracted(Component service) {
        var jar = CacheTraining.executableJar(Path.of(""), service);
        return folder.resolve(service.label()).resolve(jar.getFileName());
    }

    private Path cache(Component service, Variant variant) {
        return folder.resolve(service.label() + "-" + variant + ".aot");
    }

    private Path log(String name) {
        // It stays after the end, for failures.
        return UserFolder.temporary().resolve("bench-" + name + ".log");
    }

    private void run(List<String> command, String name) {
        try {
            var process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log(name).toFile())
                            .start();
            process.waitFor();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("stopped", stopped);
        }
    }

    private List<String> command(Component service, Variant variant) {
        var command = new ArrayList<>(List.of(MeasuredService.java(), CONTAINER_MEMORY));
        imageOptions.stream().filter(option -> !option.startsWith("-XX:AOT")).forEach(command::add);
        switch (variant) {
            case PLAIN, EXTRACTED -> {}
            case CACHE_BEFORE_DATABASE, CACHE ->
                    command.add("-XX:AOTCache=" + cache(service, variant));
        }
        command.addAll(
                List.of(
                        "-jar",
                        variant == Variant.PLAIN
                                ? CacheTraining.executableJar(Path.of(""), service).toString()
                                : extracted(service).toString()));
        return command;
    }

    private void measure(int round, Component service, Variant variant) {
        var result =
                results.computeIfAbsent(service, _ -> new EnumMap<>(Variant.class))
                        .computeIfAbsent(variant, _ -> new StartMeasurement());
        var started = system.launch(service, command(service, variant), imageEnvironment);
        var start = started.awaitReady();
        result.seconds.add(seconds(start.elapsed()));
        result.processorSeconds.add(seconds(start.processorTime()));
        result.residentMebibytes.add(ProcessMemory.of(started.pid()).residentMebibytes());
        started.stop(Duration.ofSeconds(40));
        progress.print(
                "round %d of %d, %s, %s: %.1f s, %.1f s of processors, %.0f MiB"
                        .formatted(
                                round,
                                settings.rounds(),
                                service.label(),
                                variant.label,
                                result.seconds.latest(),
                                result.processorSeconds.latest(),
                                result.residentMebibytes.latest()));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /// Runs all services as their images do, ships orders, and reads the peak of each service's
    /// memory.
    private void measureUnderLoad() {
        long startedAt = System.nanoTime();
        var services = new LinkedHashMap<Component, MeasuredService>();
        for (var service : Component.services()) {
            services.put(
                    service,
                    system.launch(service, command(service, Variant.CACHE), imageEnvironment));
        }
        services.values().forEach(MeasuredService::awaitReady);
        systemStart.add((System.nanoTime() - startedAt) / 1e9);
        new DemoCatalogue(system.client()).create();
        for (int round = 1; round <= settings.rounds(); round++) {
            double before =
                    system.queryOrders("SELECT count(*) FROM orders WHERE state = 'SHIPPED'");
            long placed = system.load().run(8, settings.orders()).orders();
            MeasuredSystem.await(
                    "orders to be shipped",
                    () ->
                            system.queryOrders(
                                            "SELECT count(*) FROM orders WHERE state = 'SHIPPED'")
                                    >= before + placed);
            services.forEach(
                    (service, process) -> {
                        var memory = ProcessMemory.of(process.pid());
                        loaded.computeIfAbsent(service, _ -> new Samples())
                                .add(memory.residentMebibytes());
                        peaks.computeIfAbsent(service, _ -> new Samples())
                                .add(memory.peakMebibytes());
                    });
            progress.print(
                    "under load, round %d of %d: %s"
                            .formatted(
                                    round,
                                    settings.rounds(),
                                    peaks.entrySet().stream()
                                            .map(
                                                    it ->
                                                            "%s %.0f MiB"
                                                                    .formatted(
                                                                            it.getKey().label(),
                                                                            it.getValue().latest()))
                                            .toList()));
        }
        services.values().forEach(process -> process.stop(Duration.ofSeconds(40)));
    }

    private String describeLoad() {
        return peaks.isEmpty()
                ? ""
                : "All services at once as their images, on this machine: ready after %s s; then %d times %d orders, as fast as 8 clients place them."
                        .formatted(
                                systemStart.formatMedian("%.0f"),
                                settings.rounds(),
                                settings.orders());
    }

    /// Under load each service runs as its image.
    private static String ofImage(
            Variant variant, Component service, Map<Component, Samples> memory) {
        var measured = memory.get(service);
        return variant == Variant.CACHE && measured != null
                ? "%.0f".formatted(measured.greatest())
                : "";
    }

    private BenchmarkReport report() {
        var page =
                BenchmarkReport.startPage(
                        "Start and memory of the services",
                        List.of("PostgreSQL " + system.postgres().version()));
        page.append(
                """
                %d rounds; median (least–greatest). A start lasts until the readiness of the service is UP, on a migrated database. Memory is
                resident memory. Options of the JVM: `%s %s`. %s

                """
                        .formatted(
                                settings.rounds(),
                                String.join(" ", imageOptions),
                                CONTAINER_MEMORY,
                                describeLoad()));
        var rows = new ArrayList<List<String>>();
        var groups = new ArrayList<BarChart.BarGroup>();
        results.forEach(
                (service, variants) -> {
                    var plain = Objects.requireNonNull(variants.get(Variant.PLAIN));
                    var bars = new ArrayList<BarChart.Bar>();
                    variants.forEach(
                            (variant, it) -> {
                                bars.add(new BarChart.Bar(variant.label, it.seconds));
                                rows.add(
                                        List.of(
                                                service.label(),
                                                variant.label,
                                                it.seconds.format("%.1f"),
                                                plain.seconds.dividedBy(it.seconds).format("%.2f"),
                                                it.processorSeconds.format("%.1f"),
                                                it.residentMebibytes.formatMedian("%.0f"),
                                                ofImage(variant, service, loaded),
                                                ofImage(variant, service, peaks)));
                            });
                    groups.add(new BarChart.BarGroup(service.label(), bars));
                });
        page.append(
                BenchmarkReport.table(
                        List.of(
                                "service",
                                "",
                                "start s",
                                "jar ÷ this",
                                "processors s",
                                "MiB when ready",
                                "MiB after load",
                                "peak MiB"),
                        rows));
        return new BenchmarkReport(
                "startup",
                page.toString(),
                Map.of("startup.svg", BarChart.svg("Start of the services", "seconds", groups)));
    }
}
