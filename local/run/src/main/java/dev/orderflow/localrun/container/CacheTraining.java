package dev.orderflow.localrun.container;

import dev.orderflow.localrun.Component;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Creates the AOT cache ([JEP 514](https://openjdk.org/jeps/514)) of a service: starts it
/// completely, with its database, sends it some requests, and stops it. A start that ends before
/// the database is connected would leave out the classes of Flyway, Hibernate, the driver and the
/// first requests.
public final class CacheTraining {

    private static final Duration LONGEST_START = Duration.ofMinutes(10);

    /// The JVM writes the cache when it ends, with a second JVM.
    private static final Duration LONGEST_END = Duration.ofMinutes(10);

    private static final int REQUESTS = 50;

    /// Options that a training must not have: those of caches, and limits of memory. The second JVM
    /// has the options of the first one, and a limit of the metaspace also limits the size of the
    /// cache.
    private static final List<String> NOT_IN_TRAINING =
            List.of("-XX:AOT", "-Xmx", "-XX:MaxMetaspaceSize");

    /// What the second JVM prints when the cache is complete. An incomplete cache leaves a file as
    /// well.
    private static final String CREATED = "AOTCache creation is complete";

    /// What the health check, the load balancer and the metrics do, and a request of an unknown
    /// path.
    private static final List<String> PATHS =
            List.of(
                    "/actuator/health/readiness",
                    "/actuator/health/liveness",
                    "/actuator/metrics",
                    "/nothing-here");

    private static final Pattern ENVIRONMENT =
            Pattern.compile("^ENV ([A-Z_]+)=(\\S+)$", Pattern.MULTILINE);

    private CacheTraining() {}

    /// Trains a service and writes its cache.
    ///
    /// @param java the executable of the JVM that will use the cache
    /// @param jar extracted, with the path with which it will be started
    /// @param options of the JVM in the image
    /// @param properties of the service
    /// @param management the URL of its management port
    /// @param cache the file to write
    /// @param log gets its output
    /// @throws IllegalStateException when it does not start or writes no cache
    public static void train(
            Component service,
            Path java,
            Path jar,
            List<String> options,
            List<String> properties,
            URI management,
            Path cache,
            Path log) {
        var command = command(java, jar, options, properties, cache);
        try {
            var process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            try {
                awaitReady(service, process, management, log);
                sendRequests(management);
                process.toHandle().destroy();
                if (!process.waitFor(LONGEST_END.toSeconds(), TimeUnit.SECONDS)
                        || !Files.readString(log).contains(CREATED)) {
                    Files.deleteIfExists(cache);
                    throw new IllegalStateException(
                            "%s wrote no cache; its log is %s".formatted(service.label(), log));
                }
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", stopped);
        }
    }

    static List<String> command(
            Path java, Path jar, List<String> options, List<String> properties, Path cache) {
        var command = new ArrayList<String>();
        command.add(java.toString());
        options.stream()
                .filter(option -> NOT_IN_TRAINING.stream().noneMatch(option::startsWith))
                .forEach(command::add);
        command.addAll(List.of("-XX:AOTCacheOutput=" + cache, "-jar", jar.toString()));
        command.addAll(properties);
        return List.copyOf(command);
    }

    private static void awaitReady(Component service, Process process, URI management, Path log)
            throws InterruptedException {
        long giveUp = System.nanoTime() + LONGEST_START.toNanos();
        try (var http = HttpClient.newHttpClient()) {
            while (get(http, management.resolve("/actuator/health/readiness")) != 200) {
                if (!process.isAlive() || System.nanoTime() > giveUp) {
                    throw new IllegalStateException(
                            "%s did not start; its log is %s".formatted(service.label(), log));
                }
                Thread.sleep(200);
            }
        }
    }

    private static void sendRequests(URI management) throws InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            for (int number = 0; number < REQUESTS; number++) {
                get(http, management.resolve(PATHS.get(number % PATHS.size())));
            }
        }
    }

    /// @return the status; 0 without a response
    private static int get(HttpClient http, URI url) throws InterruptedException {
        try {
            return http.send(
                            HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(5)).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException _) {
            return 0;
        }
    }

    /// The options of the JVM in an image.
    ///
    /// @param file of options, as `java @file` reads them
    public static List<String> imageOptions(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// The variables that a Dockerfile sets for the process, except for the Spring profile.
    public static Map<String, String> imageEnvironment(Path dockerfile) {
        try {
            var environment = new HashMap<String, String>();
            var line = ENVIRONMENT.matcher(Files.readString(dockerfile));
            while (line.find()) {
                environment.put(line.group(1), line.group(2));
            }
            environment.remove("SPRING_PROFILES_ACTIVE");
            return environment;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// The executable jar of a service in a checkout that was built with the profile `images`.
    ///
    /// @throws IllegalStateException when there is none
    public static Path executableJar(Path checkout, Component service) {
        var target = checkout.resolve(service.label()).resolve("target");
        try (var files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().endsWith("-exec.jar"))
                    .findFirst()
                    .map(Path::toAbsolutePath)
                    .orElseThrow(
                            () ->
                                    new IllegalStateException(
                                            "no executable jar in "
                                                    + target
                                                    + "; build it with -Pimages"));
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + target, failed);
        }
    }
}
