package dev.orderflow.benchmarks;

import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.ProgressTicker;
import dev.orderflow.localrun.Shutdown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `./orderflow bench`.
@Command(
        name = "bench",
        description = {
            "Measure on this machine, beside peers, in one run and in turns; print the results as tables and write"
                    + " them with plots to tests/benchmarks/results. Linux only, because processor times are read"
                    + " from /proc.",
            "acceptance: POST /orders beside pgbench with a plain transaction and with the service's own statement."
                    + " Requires pgbench. Takes about 15 minutes.",
            "relay: the outbox's relay beside namastack, gruelbox, Spring Modulith and Debezium. Takes about 45 minutes.",
            "conformance: the outbox's test kit, run against the same outboxes; no measurement. Takes about 30 minutes.",
            "consumers: each listener beside a loop of the AWS SDK with the same handler; statements per message. Takes"
                    + " about 25 minutes.",
            "system: orders from POST /orders to SHIPPED, and a backlog without listeners. Takes about 10 minutes.",
            "startup: start and memory of each service: jar, extracted jar, AOT caches. Takes about 20 minutes.",
            "run: from ./orderflow run to the first accepted order, with and without the class-data archive of an earlier"
                    + " run. Takes about 10 minutes.",
            "console: pages of the operations console with many dead letters. Takes about 2 minutes."
        },
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {

    /// What can be measured.
    enum Benchmark {
        acceptance,
        relay,
        conformance,
        consumers,
        system,
        startup,
        run,
        console
    }

    @Parameters(
            index = "0",
            paramLabel = "BENCHMARK",
            defaultValue = "acceptance",
            description = "One of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Benchmark benchmark = Benchmark.acceptance;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "How often each measurement is taken; the result is the median. Default: ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "8",
            description = "The length of each measurement. Default: ${DEFAULT-VALUE}.")
    private int seconds = 8;

    @Option(
            names = "--clients",
            paramLabel = "N",
            split = ",",
            defaultValue = "8,32,128",
            description = "Numbers of concurrent clients. Default: ${DEFAULT-VALUE}.")
    private List<Integer> clients = List.of(8, 32, 128);

    @Option(
            names = "--outboxes",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "orderflow,namastack,gruelbox,modulith,debezium",
            description =
                    "Which of these relay and conformance measure. Default: ${DEFAULT-VALUE}.")
    private List<RelayContestant> outboxes = List.of();

    @Option(
            names = "--targets",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "process,http",
            description =
                    "The targets that relays publish to; several instances are measured with process. Default: ${DEFAULT-VALUE}.")
    private List<RelaySink> targets = List.of();

    @Option(
            names = "--instances",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,2,4",
            description = "Numbers of instances of a relay. Default: ${DEFAULT-VALUE}.")
    private List<Integer> instances = List.of(1, 2, 4);

    @Option(
            names = "--services",
            paramLabel = "NAME",
            split = ",",
            description = "Which services startup measures, such as order-service. Default: all.")
    private List<String> services = List.of();

    @Option(
            names = "--property",
            paramLabel = "KEY=VALUE",
            description =
                    "Another property of the services that acceptance, consumers and system measure; may be repeated.")
    private Map<String, String> properties = Map.of();

    @Option(
            names = "--orders",
            paramLabel = "N",
            defaultValue = "300",
            description =
                    "How many orders consumers, system and startup place at a time. Default: ${DEFAULT-VALUE}.")
    private int orders = 300;

    @Option(
            names = "--backlog",
            paramLabel = "N",
            defaultValue = "2000",
            description =
                    "How many orders system accepts while no listener runs. Default: ${DEFAULT-VALUE}.")
    private int backlog = 2_000;

    @Option(
            names = "--dead-letters",
            paramLabel = "N",
            defaultValue = "100000",
            description =
                    "How many dead letters console indexes, a hundred for each cause. Default: ${DEFAULT-VALUE}.")
    private int deadLetters = 100_000;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "180",
            description =
                    "The longest warm-up; it ends earlier when the rate is flat. Default: ${DEFAULT-VALUE}.")
    private int warmUp = 180;

    @Option(
            names = "--results",
            paramLabel = "DIRECTORY",
            defaultValue = "tests/benchmarks/results",
            description = "Where tables and plots are written. Default: ${DEFAULT-VALUE}.")
    private Path results = Path.of("tests/benchmarks/results");

    @Option(
            names = "--profile",
            paramLabel = "FILE",
            description = "Record the service with JDK Flight Recorder into this file.")
    private @Nullable Path profile;

    @Spec private @Nullable CommandSpec spec;

    /// What the options say.
    ///
    /// @param outboxes without repetitions
    /// @param targets without repetitions
    /// @param services those that are started one by one
    /// @param properties of services, as arguments of their main method
    /// @param deadLetters how many the console indexes
    /// @param profile where the service is recorded; null when it is not
    record BenchmarkSettings(
            int rounds,
            Duration length,
            List<Integer> clients,
            Duration longestWarmUp,
            List<RelayContestant> outboxes,
            List<RelaySink> targets,
            List<Integer> instances,
            int orders,
            int backlog,
            int deadLetters,
            List<Component> services,
            List<String> properties,
            @Nullable Path profile) {}

    @Override
    public Integer call() {
        require(rounds >= 1 && rounds <= 100, "--rounds must be 1 to 100");
        require(seconds >= 1 && seconds <= 600, "--seconds must be 1 to 600");
        require(warmUp >= 1 && warmUp <= 3_600, "--warm-up must be 1 to 3600");
        require(
                !clients.isEmpty() && clients.stream().allMatch(each -> each >= 1 && each <= 1_000),
                "--clients must be numbers from 1 to 1000");
        require(
                !instances.isEmpty() && instances.stream().allMatch(each -> each >= 1 && each <= 8),
                "--instances must be numbers from 1 to 8");
        require(orders >= 1 && orders <= 90_000, "--orders must be 1 to 90000");
        require(backlog >= 1 && backlog <= 1_000_000, "--backlog must be 1 to 1000000");
        require(
                deadLetters >= 1 && deadLetters <= 1_000_000,
                "--dead-letters must be 1 to 1000000");
        var command = Objects.requireNonNull(spec).commandLine();
        var out = command.getOut();
        long startedAt = System.nanoTime();
        try (var progress =
                new ProgressTicker(
                        line ->
                                Shutdown.printUnlessStopping(
                                        out,
                                        "  %5.0f s  %s"
                                                .formatted(
                                                        (System.nanoTime() - startedAt) / 1e9,
                                                        line)),
                        () -> "")) {
            var settings =
                    new BenchmarkSettings(
                            rounds,
                            Duration.ofSeconds(seconds),
                            clients,
                            Duration.ofSeconds(warmUp),
                            outboxes.stream().distinct().toList(),
                            targets.stream().distinct().toList(),
                            instances.stream().distinct().toList(),
                            orders,
                            backlog,
                            deadLetters,
                            chosenServices(),
                            properties.entrySet().stream()
                                    .map(it -> "--%s=%s".formatted(it.getKey(), it.getValue()))
                                    .toList(),
                            profile == null ? null : profile.toAbsolutePath());
            var report =
                    switch (benchmark) {
                        case acceptance -> AcceptanceBenchmark.run(settings, progress);
                        case relay -> RelayBenchmark.run(settings, progress);
                        case conformance -> ConformanceBenchmark.run(settings, progress);
                        case consumers -> ConsumersBenchmark.run(settings, progress);
                        case system -> SystemBenchmark.run(settings, progress);
                        case startup -> StartupBenchmark.run(settings, progress);
                        case run -> RunBenchmark.run(settings, progress);
                        case console -> ConsoleBenchmark.run(settings, progress);
                    };
            Shutdown.printUnlessStopping(out, "");
            Shutdown.printUnlessStopping(out, report.markdown());
            report.write(results)
                    .forEach(file -> Shutdown.printUnlessStopping(out, "Written: " + file));
            return 0;
        } catch (BenchmarkFailedException failure) {
            throw new ParameterException(command, String.valueOf(failure.getMessage()), failure);
        }
    }

    private List<Component> chosenServices() {
        var known = Component.services();
        require(
                services.stream()
                        .allMatch(name -> known.stream().anyMatch(it -> it.label().equals(name))),
                "--services must be names of services, such as order-service");
        return known.stream()
                .filter(it -> services.isEmpty() || services.contains(it.label()))
                .toList();
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
        }
    }
}
