package dev.orderflow.crashtests;

import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.ServicePorts;
import dev.orderflow.localrun.ServiceProcessMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One process of a service, which is restarted whenever it ends unexpectedly.
final class ServiceProcess implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ServiceProcess.class);
    private static final Duration LONGEST_START = Duration.ofMinutes(10);

    private final Component component;
    private final String name;
    private final ServicePorts ports;
    private final Supplier<List<String>> arguments;
    private final Path directory;
    private final HttpClient http;
    private final Optional<AotCache> cache;
    private final boolean trains;
    private final AtomicInteger starts = new AtomicInteger();
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicInteger unexpected = new AtomicInteger();
    private final AtomicBoolean killed = new AtomicBoolean();
    private volatile boolean ready;
    private volatile boolean takenOut;
    private volatile @Nullable Process process;

    /// @param cache what it starts from
    /// @param trains whether it starts without the cache, and writes it when it stops
    ServiceProcess(
            Component component,
            String name,
            ServicePorts ports,
            Supplier<List<String>> arguments,
            Path directory,
            HttpClient http,
            Optional<AotCache> cache,
            boolean trains) {
        this.component = component;
        this.name = name;
        this.ports = ports;
        this.arguments = arguments;
        this.directory = directory;
        this.http = http;
        this.cache = cache;
        this.trains = trains;
    }

    Component component() {
        return component;
    }

    String name() {
        return name;
    }

    /// The URL of one of its ports.
    URI url(Component port) {
        return URI.create("http://127.0.0.1:" + ports.port(port));
    }

    /// Whether it is ready for calls.
    boolean isReady() {
        var running = process;
        return ready && !takenOut && running != null && running.isAlive();
    }

    /// The number of restarts.
    int restarts() {
        return Math.max(0, starts.get() - 1);
    }

    /// How often it ended after it was ready, without being killed or stopped.
    int unexpectedExits() {
        return unexpected.get();
    }

    /// Starts the process and keeps it running; does not wait until it is ready.
    synchronized void start() {
        wanted.set(true);
        takenOut = false;
        launch();
    }

    /// Waits until it is ready.
    ///
    /// @throws IllegalStateException when it is not ready in time
    void awaitReady() {
        var giveUp = System.nanoTime() + LONGEST_START.toNanos();
        while (!isReady()) {
            if (System.nanoTime() > giveUp) {
                throw new IllegalStateException(name + " did not start; its log is " + logFile());
            }
            pause(Duration.ofMillis(100));
        }
    }

    /// Stops routing calls to it until it is started again.
    void stopRouting() {
        takenOut = true;
    }

    /// Sends SIGKILL; the process is restarted.
    void kill() {
        var running = process;
        if (running != null && running.isAlive()) {
            ready = false;
            killed.set(true);
            running.toHandle().destroyForcibly();
        }
    }

    /// Sends SIGTERM and waits for the exit; the process is not restarted before [#start()].
    ///
    /// @return the exit code; empty when it was killed after the time-out
    OptionalInt stop(Duration timeout) {
        wanted.set(false);
        var running = process;
        if (running == null) {
            return OptionalInt.empty();
        }
        // Not Process.destroy(): it also closes standard input, which signals the end of the
        // parent.
        running.toHandle().destroy();
        try {
            if (running.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return OptionalInt.of(running.exitValue());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            ready = false;
        }
        running.toHandle().destroyForcibly();
        return OptionalInt.empty();
    }

    /// The log file of the latest start.
    Path logFile() {
        return directory.resolve("%s.%d.log".formatted(name, starts.get()));
    }

    /// Starts no process after close: a process that ends by the same signal as its parent would
    /// otherwise be restarted.
    private synchronized void launch() {
        if (!wanted.get()) {
            return;
        }
        int number = starts.incrementAndGet();
        killed.set(false);
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-Xss512k",
                        "-Xlog:disable",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-DORDERFLOW_LOG=" + logFile()));
        cache.map(trains ? it -> Stream.of(it.training()) : AotCache::use)
                .ifPresent(options -> options.forEach(command::add));
        command.addAll(
                List.of(
                        "-cp",
                        AotCache.classPath(),
                        ServiceProcessMain.class.getName(),
                        component.name()));
        command.addAll(arguments.get());
        try {
            Files.createDirectories(directory);
            var started =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    directory.resolve("%s.%d.out".formatted(name, number)).toFile())
                            .start();
            process = started;
            Thread.ofVirtual().name("watch-" + name).start(() -> watch(started));
        } catch (IOException failed) {
            throw new UncheckedIOException(name + " cannot be started", failed);
        }
    }

    private void watch(Process mine) {
        boolean wasReady = false;
        while (mine.isAlive() && !ready) {
            if (isHealthy()) {
                ready = true;
                wasReady = true;
                log.info("{} is ready", name);
            } else {
                pause(Duration.ofMillis(250));
            }
        }
        try {
            log.info("{} ended with {}", name, mine.waitFor());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return;
        }
        restartIfWanted(mine, wasReady);
    }

    /// Restarts the process, unless it was stopped or already started again.
    private synchronized void restartIfWanted(Process mine, boolean wasReady) {
        if (process != mine) {
            return;
        }
        ready = false;
        if (wanted.get()) {
            // A service that cannot connect to its database at start exits and is restarted.
            if (wasReady && !killed.get()) {
                unexpected.incrementAndGet();
            }
            launch();
        }
    }

    private boolean isHealthy() {
        try {
            var request =
                    HttpRequest.newBuilder(
                                    url(component.management())
                                            .resolve("/actuator/health/readiness"))
                            .timeout(Duration.ofSeconds(2))
                            .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", interrupted);
        }
    }

    /// Kills the process.
    @Override
    public void close() {
        Process running;
        synchronized (this) {
            wanted.set(false);
            running = process;
        }
        if (running != null) {
            running.toHandle().destroyForcibly();
        }
    }

    /// Waits for the exit of the killed process.
    void awaitEnd() {
        var running = process;
        if (running != null) {
            running.onExit().join();
        }
    }
}
