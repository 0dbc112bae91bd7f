package dev.orderflow.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process with one of the outboxes, which executes commands (`PeerMain` of the module
/// `outbox-peers` lists them).
final class PeerProcess implements AutoCloseable {

    static final String JVM_OPTIONS = "-XX:+UseSerialGC -Xmx256m";

    private static final String MAIN = "dev.orderflow.outboxpeers.PeerMain";

    private final String library;
    private final Path log;
    private final Process process;
    private final PrintWriter commands;
    private final BufferedReader answers;

    /// @param library which outbox
    /// @param log gets its output
    /// @param arguments of `PeerMain` after the library
    PeerProcess(String library, Path log, List<String> arguments) {
        this.library = library;
        this.log = log;
        try {
            process = start(MAIN, log, join(library, arguments), false);
        } catch (IOException failed) {
            throw new UncheckedIOException("the process of " + library + " cannot start", failed);
        }
        commands = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static List<String> join(String library, List<String> arguments) {
        var all = new ArrayList<>(List.of(library));
        all.addAll(arguments);
        return all;
    }

    /// Starts a class of the module with the outboxes, with the class path of that module.
    ///
    /// @param log gets the output, without the standard output unless that is inherited
    /// @throws BenchmarkFailedException when `./orderflow` did not build that module
    static Process start(String main, Path log, List<String> arguments, boolean inheritsOutput)
            throws IOException {
        var classPath = System.getProperty("orderflow.bench.peers");
        if (classPath == null) {
            throw new BenchmarkFailedException(
                    "the other outboxes are not on the class path; start this with ./orderflow bench");
        }
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JVM_OPTIONS.split(" ")));
        command.addAll(
                List.of(
                        // gruelbox makes proxies by reflection.
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dlogging.level.root=warn",
                        "-cp",
                        classPath,
                        main));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectError(log.toFile());
        if (inheritsOutput) {
            builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
        }
        return builder.start();
    }

    /// Executes a command.
    ///
    /// @return the answer
    /// @throws BenchmarkFailedException when it failed
    String execute(String command) {
        send(command);
        return readAnswer(command);
    }

    void send(String command) {
        commands.println(command);
    }

    String readAnswer(String command) {
        try {
            var answer = answers.readLine();
            if (answer == null || !answer.startsWith("ok")) {
                throw new BenchmarkFailedException(
                        "%s: '%s' failed: %s; its log is %s"
                                .formatted(library, command, answer, log));
            }
            return answer.substring(2).strip();
        } catch (IOException failed) {
            throw new BenchmarkFailedException(library + " does not answer", failed);
        }
    }

    /// How many events and calls its target has got, and how many events out of sequence and
    /// repeated.
    ///
    record PeerCounts(long events, long calls, long outOfSequence, long repeats) {

        PeerCounts plus(PeerCounts other) {
            return new PeerCounts(
                    events + other.events,
                    calls + other.calls,
                    outOfSequence + other.outOfSequence,
                    repeats + other.repeats);
        }
    }

    PeerCounts counts() {
        var values = execute("count").split(" ");
        return new PeerCounts(
                Long.parseLong(values[0]),
                Long.parseLong(values[1]),
                Long.parseLong(values[2]),
                Long.parseLong(values[3]));
    }

    Duration processorTime() {
        return ProcessorTime.ofTree(process.pid());
    }

    /// Ends the process, whose standard input ends.
    @Override
    public void close() {
        commands.close();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
