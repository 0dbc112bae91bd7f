package dev.orderflow.benchmarks;

import dev.orderflow.localrun.ProgressTicker;
import dev.orderflow.localrun.Shutdown;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
                    + " Requires pgbench. Takes about 15 minutes."
        },
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {

    /// What can be measured.
    enum Benchmark {
        acceptance
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

    /// @param profile where the service is recorded; null when it is not
    record BenchmarkSettings(
            int rounds,
            Duration length,
            List<Integer> clients,
            Duration longestWarmUp,
            @Nullable Path profile) {}

    @Override
    public Integer call() {
        require(rounds >= 1 && rounds <= 100, "--rounds must be 1 to 100");
        require(seconds >= 1 && seconds <= 600, "--seconds must be 1 to 600");
        require(warmUp >= 1 && warmUp <= 3_600, "--warm-up must be 1 to 3600");
        require(
                !clients.isEmpty() && clients.stream().allMatch(each -> each >= 1 && each <= 1_000),
                "--clients must be numbers from 1 to 1000");
        var command = Objects.requireNonNull(spec).commandLine();
        var out = command.getOut();
        long startedAt = System.nanoTime();
        try (var progress =
                new ProgressTicker(
                        line ->
                                say(
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
                            profile == null ? null : profile.toAbsolutePath());
            var report =
                    switch (benchmark) {
                        case acceptance -> AcceptanceBenchmark.run(settings, progress);
                    };
            say(out, "");
            say(out, report.markdown());
            report.write(results).forEach(file -> say(out, "Written: " + file));
            return 0;
        } catch (BenchmarkFailedException failure) {
            throw new ParameterException(command, String.valueOf(failure.getMessage()), failure);
        }
    }

    private static void say(PrintWriter out, String line) {
        if (!Shutdown.isInProgress()) {
            out.println(line);
            out.flush();
        }
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
        }
    }
}
