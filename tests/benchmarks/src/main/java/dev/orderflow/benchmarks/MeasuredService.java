package dev.orderflow.benchmarks;

import dev.orderflow.localrun.Component;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A service in a process of its own.
final class MeasuredService implements AutoCloseable {

    /// The options that a JVM in a container of two processors and 512 MB chooses, and those of the
    /// image.
    static final List<String> JVM_OPTIONS =
            List.of("-XX:+UseSerialGC", "-Xmx358m", "-XX:+ExitOnOutOfMemoryError");

    private static final Duration LONGEST_START = Duration.ofMinutes(5);

    private final Process process;
    private final URI health;
    private final Path log;
    private final long startedAt = System.nanoTime();

    private MeasuredService(Process process, URI health, Path log) {
        this.process = process;
        this.health = health;
        this.log = log;
    }

    /// Starts a service of this class path and waits until it is ready.
    ///
    /// @param arguments its properties
    /// @param health the URL of its readiness
    /// @param log gets its output
    /// @param profile where the JVM is recorded until it ends; null when it is not
    /// @throws BenchmarkFailedException when it does not start
    static MeasuredService start(
            Component component,
            List<String> arguments,
            URI health,
            Path log,
            @Nullable Path profile) {
        var command = new ArrayList<>(command(component, JVM_OPTIONS, profile));
        command.addAll(arguments);
        var service = launch(command, Map.of(), health, log);
        service.awaitReady();
        return service;
    }

    /// The command that runs a service of this class path, without its properties.
    static List<String> command(
            Component component, List<String> jvmOptions, @Nullable Path profile) {
        var command = new ArrayList<String>();
        command.add(java());
        command.addAll(jvmOptions);
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        // As in a container: the other configuration of local-run logs each
                        // request.
                        "-Dlogging.config=classpath:container-logback.xml"));
        if (profile != null) {
            command.add("-XX:StartFlightRecording=settings=profile,filename=" + profile);
        }
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        MeasuredServiceMain.class.getName(),
                        component.name()));
        return List.copyOf(command);
    }

    /// The executable of this JVM.
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// Starts a command that runs a service; does not wait.
    ///
    /// @param environment more variables
    static MeasuredService launch(
            List<String> command, Map<String, String> environment, URI health, Path log) {
        try {
            var builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            return new MeasuredService(builder.start(), health, log);
        } catch (IOException failed) {
            throw new UncheckedIOException("the service cannot be started", failed);
        }
    }

    /// What a start took.
    ///
    /// @param elapsed from the start of the process to the first success of its readiness
    /// @param processorTime of the process until then
    record ServiceStart(Duration elapsed, Duration processorTime) {}

    /// Waits until it is ready.
    ///
    /// @throws BenchmarkFailedException when it does not become ready
    ServiceStart awaitReady() {
        try (var http = HttpClient.newHttpClient()) {
            while (!isReady(http)) {
                if (!process.isAlive() || System.nanoTime() - startedAt > LONGEST_START.toNanos()) {
                    close();
                    throw new BenchmarkFailedException(
                            "the service did not start; its log is " + log);
                }
                Thread.sleep(50);
            }
            return new ServiceStart(
                    Duration.ofNanos(System.nanoTime() - startedAt),
                    ProcessorTime.ofTree(process.pid()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            close();
            throw new BenchmarkFailedException("stopped", stopped);
        }
    }

    private boolean isReady(HttpClient http) throws InterruptedException {
        try {
            return http.send(
                                    HttpRequest.newBuilder(health)
                                            .timeout(Duration.ofSeconds(2))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException _) {
            return false;
        }
    }

    long pid() {
        return process.pid();
    }

    /// Stops it as ECS does. A recording is written meanwhile.
    @Override
    public void close() {
        stop(Duration.ofMinutes(1));
    }

    /// Stops it as ECS does, and kills it if that takes longer.
    void stop(Duration timeout) {
        // Not Process.destroy(), which also closes standard input, the sign that this process has
        // ended.
        process.toHandle().destroy();
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
