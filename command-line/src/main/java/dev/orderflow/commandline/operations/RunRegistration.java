package dev.orderflow.commandline.operations;

import dev.orderflow.localmachine.LocalMachineException;
import dev.orderflow.localmachine.UserFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A system of this user's that `./orderflow run` has started. Each has a file of its own, named
/// after its process, in a folder that no other user may look into.
///
/// @param pid the process it runs in
/// @param startedAt when that process began; another one may get its number later
/// @param ports where each part listens, by the part's name
/// @param at where the operators' commands find it, and its key
public record RunRegistration(
        long pid, Instant startedAt, Map<String, Integer> ports, RunEndpoints at) {

    private static final String SUFFIX = ".run.json";

    /// The component whose standard port marks the system that a command uses by default.
    private static final String CONSOLE = "operations-console";

    /// The port of operations-console when no other is chosen.
    public static final int STANDARD_CONSOLE_PORT = 8086;

    /// The clock of the machine may be set a little while a process runs.
    private static final Duration CLOCK_STEP = Duration.ofSeconds(10);

    public RunRegistration {
        ports = Map.copyOf(ports);
    }

    /// The system of this process.
    ///
    /// @param ports where each part listens
    public static RunRegistration here(Map<String, Integer> ports, RunEndpoints at) {
        var self = ProcessHandle.current();
        return new RunRegistration(
                self.pid(), self.info().startInstant().orElse(Instant.EPOCH), ports, at);
    }

    /// Makes it known.
    ///
    /// @return to be closed when it stops
    /// @throws UncheckedIOException when there is no room for the file
    public AutoCloseable publish() {
        return publish(UserFolder.temporary());
    }

    AutoCloseable publish(Path folder) {
        var file = folder.resolve(pid + SUFFIX);
        try {
            var fresh =
                    Files.createTempFile(
                            folder, "run-", ".new", UserFolder.onlyItsUser("rw-------"));
            Files.writeString(fresh, JsonMapper.shared().writeValueAsString(this));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write " + file, failed);
        }
        return () -> Files.deleteIfExists(file);
    }

    /// Where a part listens.
    ///
    /// @throws CommandFailedException when the system is of a version that has no such part
    ///
    /// @param component by its name, such as `local-cloud`
    public URI url(String component) {
        var port = ports.get(component);
        if (port == null) {
            throw new CommandFailedException(
                    "the system that runs as process %d has no %s; it is of another version"
                            .formatted(pid, component));
        }
        return URI.create("http://127.0.0.1:" + port);
    }

    /// All that run now, the oldest first. Files of processes that have ended are deleted.
    public static List<RunRegistration> all() {
        try {
            return all(UserFolder.temporary());
        } catch (LocalMachineException noFolder) {
            return List.of();
        }
    }

    static List<RunRegistration> all(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .flatMap(file -> read(file).stream())
                    .sorted(Comparator.comparing(RunRegistration::startedAt))
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static Optional<RunRegistration> read(Path file) {
        try {
            var system =
                    JsonMapper.shared().readValue(Files.readString(file), RunRegistration.class);
            if (system.isAlive()) {
                return Optional.of(system);
            }
            Files.deleteIfExists(file);
        } catch (IOException | JacksonException | IllegalArgumentException unreadable) {
            // Another version's, or gone meanwhile.
        }
        return Optional.empty();
    }

    private boolean isAlive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(process -> process.info().startInstant().orElse(startedAt))
                .filter(start -> Duration.between(start, startedAt).abs().compareTo(CLOCK_STEP) < 0)
                .isPresent();
    }

    /// The one that a command is for.
    ///
    /// @param running of these
    /// @param chosen its process, when the caller chose one
    /// @param usualConsolePort of several the one that listens there is meant
    /// @return empty when none runs
    /// @throws CommandFailedException when there is no such one, or several could be meant
    static Optional<RunRegistration> choose(
            List<RunRegistration> running, Optional<Long> chosen, int usualConsolePort) {
        if (chosen.isPresent()) {
            return Optional.of(
                    running.stream()
                            .filter(system -> system.pid == chosen.get())
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            new CommandFailedException(
                                                    "no system of yours runs as process %d%s"
                                                            .formatted(
                                                                    chosen.get(),
                                                                    running.isEmpty()
                                                                            ? ""
                                                                            : "; running: "
                                                                                    + list(
                                                                                            running)))));
        }
        if (running.size() <= 1) {
            return running.stream().findFirst();
        }
        var usual =
                running.stream()
                        .filter(system -> system.ports.getOrDefault(CONSOLE, 0) == usualConsolePort)
                        .findFirst();
        if (usual.isEmpty()) {
            throw new CommandFailedException(
                    "%d systems run, choose one with --run PROCESS: %s"
                            .formatted(running.size(), list(running)));
        }
        return usual;
    }

    private static String list(List<RunRegistration> running) {
        return running.stream()
                .map(system -> "%d (%s)".formatted(system.pid, system.at.operationsUrl()))
                .collect(Collectors.joining(", "));
    }

    /// Leaves the key out.
    @Override
    public String toString() {
        return "RunningSystem[" + pid + "]";
    }
}
