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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A service in a process of its own, with the JVM of a container of two processors and 512 MB.
final class MeasuredService implements AutoCloseable {

    /// The options that a JVM in such a container chooses, and those of the image.
    static final List<String> JVM_OPTIONS =
            List.of("-XX:+UseSerialGC", "-Xmx358m", "-XX:+ExitOnOutOfMemoryError");

    private static final Duration LONGEST_START = Duration.ofMinutes(5);

    private final Process process;
    private final URI health;
    private final Path log;

    private MeasuredService(Process process, URI health, Path log) {
        this.process = process;
        this.health = health;
        this.log = log;
    }

    /// Starts a service and waits until it is ready.
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
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
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
        command.addAll(arguments);
        try {
            var service =
                    new MeasuredService(
                            new ProcessBuilder(command)
                                    .redirectErrorStream(true)
                                    .redirectOutput(log.toFile())
                                    .start(),
                            health,
                            log);
            service.awaitReady();
            return service;
        } catch (IOException failed) {
            throw new UncheckedIOException("the service cannot be started", failed);
        }
    }

    private void awaitReady() {
        long giveUp = System.nanoTime() + LONGEST_START.toNanos();
        try (var http = HttpClient.newHttpClient()) {
            while (!isReady(http)) {
                if (!process.isAlive() || System.nanoTime() > giveUp) {
                    close();
                    throw new BenchmarkFailedException(
                            "the service did not start; its log is " + log);
                }
                Thread.sleep(200);
            }
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
        } catch (IOException notYet) {
            return false;
        }
    }

    long pid() {
        return process.pid();
    }

    /// Stops it as ECS does. A recording is written meanwhile.
    @Override
    public void close() {
        // Not Process.destroy(), which also closes standard input, the sign that this process has
        // ended.
        process.toHandle().destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
