package dev.orderflow.outboxpeers;

import dev.orderflow.outbox.testkit.OutboxConformanceTest;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherConstants;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Runs the test kit against the outboxes and writes a table of what holds.
public final class ConformanceMain {

    /// The suite for each outbox. Debezium is not among them: a slot has one consumer, and most of
    /// the suite needs several instances.
    private static final Map<PeerLibrary, Class<?>> SUITES =
            new EnumMap<>(
                    Map.of(
                            PeerLibrary.ORDERFLOW, OrderflowSuite.class,
                            PeerLibrary.NAMASTACK, NamastackSuite.class,
                            PeerLibrary.GRUELBOX, GruelboxSuite.class,
                            PeerLibrary.MODULITH, ModulithSuite.class));

    static class OrderflowSuite extends OutboxConformanceTest {
        OrderflowSuite() {
            super(new KitAdapter(new OrderflowOutbox()));
        }
    }

    static class NamastackSuite extends OutboxConformanceTest {
        NamastackSuite() {
            super(new KitAdapter(new NamastackOutbox()));
        }
    }

    static class GruelboxSuite extends OutboxConformanceTest {
        GruelboxSuite() {
            super(new KitAdapter(new GruelboxOutbox()));
        }
    }

    static class ModulithSuite extends OutboxConformanceTest {
        ModulithSuite() {
            super(new KitAdapter(new ModulithOutbox()));
        }
    }

    /// @param failure null when the fact holds
    private record FactResult(String fact, Optional<String> failure) {}

    private ConformanceMain() {}

    /// @param arguments the file for the table, then optionally some of the outboxes
    public static void main(String[] arguments) {
        // Progress goes to the real standard output, and the libraries' logs to the other.
        var progress = System.out;
        System.setOut(System.err);
        var chosen =
                arguments.length > 1
                        ? Arrays.stream(arguments).skip(1).map(PeerLibrary::valueOf).toList()
                        : List.copyOf(SUITES.keySet());
        var results = new EnumMap<PeerLibrary, List<FactResult>>(PeerLibrary.class);
        for (var library : chosen) {
            results.put(library, run(library, progress));
        }
        try {
            Files.writeString(Path.of(arguments[0]), table(results));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        // Some libraries leave threads behind.
        System.exit(0);
    }

    private static List<FactResult> run(PeerLibrary library, PrintStream progress) {
        var results = new ArrayList<FactResult>();
        var listener =
                new TestExecutionListener() {
                    @Override
                    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                        if (!test.isTest()) {
                            return;
                        }
                        var failure =
                                result.getThrowable()
                                        .map(
                                                it ->
                                                        String.valueOf(it.getMessage())
                                                                .strip()
                                                                .lines()
                                                                .findFirst()
                                                                .orElse(it.toString()));
                        var fact = sentence(test.getDisplayName());
                        results.add(new FactResult(fact, failure));
                        progress.printf(
                                "%s: %s %s%s%n",
                                library.describe(),
                                failure.isEmpty() ? "✓" : "✗",
                                fact,
                                failure.map(it -> " (" + it + ")").orElse(""));
                        result.getThrowable().ifPresent(Throwable::printStackTrace);
                    }
                };
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(
                                        DiscoverySelectors.selectClass(
                                                Objects.requireNonNull(
                                                        SUITES.get(library), "no suite")))
                                .configurationParameter(
                                        LauncherConstants.CAPTURE_STDOUT_PROPERTY_NAME, "false")
                                .build(),
                        listener);
        return results;
    }

    /// `anEventIsLost()` as words.
    static String sentence(String method) {
        return method.replaceAll("\\(\\)$", "")
                .replaceAll("([A-Z])", " $1")
                .toLowerCase(java.util.Locale.ROOT);
    }

    private static String table(Map<PeerLibrary, List<FactResult>> results) {
        var facts = new TreeMap<String, Map<PeerLibrary, String>>();
        results.forEach(
                (library, all) ->
                        all.forEach(
                                it ->
                                        facts.computeIfAbsent(
                                                        it.fact(),
                                                        _ -> new EnumMap<>(PeerLibrary.class))
                                                .put(library, it.failure().isEmpty() ? "✓" : "✗")));
        var table =
                new StringBuilder(
                        results.keySet().stream()
                                .map(PeerLibrary::describe)
                                .collect(Collectors.joining(" | ", "| | ", " |\n")));
        table.append("|---|").append(":---:|".repeat(results.size())).append('\n');
        facts.forEach(
                (fact, marks) ->
                        table.append(
                                results.keySet().stream()
                                        .map(library -> marks.getOrDefault(library, "–"))
                                        .collect(
                                                Collectors.joining(
                                                        " | ", "| " + fact + " | ", " |\n"))));
        return table.toString();
    }
}
