package dev.orderflow.benchmarks;

import dev.orderflow.benchmarks.StatementCapture.CapturedStatement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// Runs pgbench with prepared statements.
final class PgBench {

    private static final Pattern RATE =
            Pattern.compile("tps = ([0-9.]+) \\(without initial connection time\\)");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$(\\d+)");
    private static final long KEYS_PER_RUN = 100_000_000L;

    /// Increases with each run, so that no run repeats the keys of another.
    private static final AtomicLong RUNS = new AtomicLong();

    private final int port;
    private final String password;
    private final Path folder;

    /// @param folder for scripts
    PgBench(int port, String password, Path folder) {
        this.port = port;
        this.password = password;
        this.folder = folder;
    }

    /// A script and its variables.
    record PgBenchScript(Path file, String text, Map<String, String> variables) {}

    /// @throws BenchmarkFailedException when pgbench is not installed
    static String version() {
        try {
            var process = new ProcessBuilder("pgbench", "--version").start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException missing) {
            throw new BenchmarkFailedException(
                    "pgbench is not on the PATH; it comes with PostgreSQL's client programs (Debian:"
                            + " postgresql-contrib)",
                    missing);
        }
    }

    /// The plain transaction of the resource `plain-acceptance.sql`, with contents of the same
    /// lengths as the service's.
    PgBenchScript plainScript(int eventBytes, int responseBytes, int personalBytes) {
        try (var script =
                Objects.requireNonNull(
                        PgBench.class.getResourceAsStream("/benchmarks/plain-acceptance.sql"))) {
            return script(
                    "plain",
                    new String(script.readAllBytes(), StandardCharsets.UTF_8),
                    Map.of(
                            "event", bytes(eventBytes),
                            "response", bytes(responseBytes),
                            "personal", bytes(personalBytes)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String bytes(int length) {
        return "\\x" + "7a".repeat(length);
    }

    /// The statements of the service, with its parameters. The idempotency key and the id of the
    /// order are new in each transaction.
    ///
    /// @param key the idempotency key of the captured request
    PgBenchScript scriptOf(List<CapturedStatement> statements, String key, UUID orderId) {
        var text = new StringBuilder("\\set n :n + 1\n");
        var variables = new LinkedHashMap<String, String>();
        for (var statement : statements) {
            text.append(
                            PLACEHOLDER
                                    .matcher(statement.sql())
                                    .replaceAll(
                                            found ->
                                                    parameter(
                                                            statement
                                                                    .parameters()
                                                                    .get(
                                                                            Integer.parseInt(
                                                                                            found
                                                                                                    .group(
                                                                                                            1))
                                                                                    - 1),
                                                            key,
                                                            orderId,
                                                            variables)))
                    .append(";\n");
        }
        return script("own", text.toString(), variables);
    }

    private static String parameter(
            String value, String key, UUID orderId, Map<String, String> variables) {
        if (value.equals(key)) {
            return "CAST(CAST(:run AS bigint) + CAST(:n AS bigint) AS text) || '-' || CAST(:client_id AS text)";
        }
        if (value.equals(orderId.toString())) {
            return "CAST(CAST(lpad(to_hex(CAST(:run AS bigint) + CAST(:n AS bigint)), 16, '0') ||"
                    + " lpad(to_hex(CAST(:client_id AS bigint)), 16, '0') AS uuid) AS text)";
        }
        var name =
                variables.entrySet().stream()
                        .filter(known -> known.getValue().equals(value))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse("p" + variables.size());
        variables.put(name, value);
        return ":" + name;
    }

    private PgBenchScript script(String name, String text, Map<String, String> variables) {
        try {
            return new PgBenchScript(
                    Files.writeString(folder.resolve(name + ".sql"), text), text, variables);
        } catch (IOException failed) {
            throw new UncheckedIOException("the script cannot be written", failed);
        }
    }

    /// The result of a run.
    ///
    /// @param perSecond transactions per second
    /// @param processorTime of pgbench itself
    record PgBenchResult(double perSecond, Duration processorTime) {}

    /// Runs a script for some time.
    ///
    /// @throws BenchmarkFailedException when it fails
    PgBenchResult run(PgBenchScript script, String database, int clients, Duration length) {
        var command = new ArrayList<String>();
        command.addAll(
                List.of(
                        "pgbench",
                        "--no-vacuum",
                        "--protocol=prepared",
                        "--client=" + clients,
                        "--jobs=" + Math.min(clients, 2),
                        "--time=" + length.toSeconds(),
                        "--file=" + script.file(),
                        "--define=n=0",
                        "--define=run=" + RUNS.incrementAndGet() * KEYS_PER_RUN));
        script.variables().forEach((name, value) -> command.add("--define=" + name + "=" + value));
        command.addAll(
                List.of("--host=127.0.0.1", "--port=" + port, "--username=postgres", database));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PGPASSWORD", password);
        try {
            var process = builder.start();
            var time = new AtomicLong();
            var watch =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        while (process.isAlive()) {
                                            time.set(
                                                    Math.max(
                                                            time.get(),
                                                            ProcessorTime.ofTree(process.pid())
                                                                    .toMillis()));
                                            try {
                                                Thread.sleep(100);
                                            } catch (InterruptedException _) {
                                                return;
                                            }
                                        }
                                    });
            var output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            watch.interrupt();
            var rate = RATE.matcher(output);
            if (process.waitFor() != 0 || !rate.find()) {
                throw new BenchmarkFailedException(
                        "pgbench failed: "
                                + output.lines()
                                        .filter(line -> line.contains("rror"))
                                        .findFirst()
                                        .orElse(output.strip()));
            }
            return new PgBenchResult(
                    Double.parseDouble(rate.group(1)), Duration.ofMillis(time.get()));
        } catch (IOException failed) {
            throw new BenchmarkFailedException("pgbench cannot be started", failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("stopped", stopped);
        }
    }
}
