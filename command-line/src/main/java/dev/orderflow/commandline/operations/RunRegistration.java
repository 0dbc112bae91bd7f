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

/// A system that `./orderflow run` of this user has started. Each writes a file named after its
/// process id into a folder that no other user can read.
///
/// @param pid the id of its process
/// @param startedAt the start of that process; a later process may get the same id
/// @param ports the port of each component, by component name
/// @param endpoints its endpoints and API key
public record RunRegistration(
        long pid, Instant startedAt, Map<String, Integer> ports, RunEndpoints endpoints) {

    private static final String SUFFIX = ".run.json";

    /// The component whose standard port marks the system that a command uses by default.
    private static final String CONSOLE = "operations-console";

    /// The port of operations-console when no other is chosen.
    public static final int STANDARD_CONSOLE_PORT = 8086;

    /// Tolerance for adjustments of the machine's clock while a process runs.
    private static final Duration CLOCK_STEP = Duration.ofSeconds(10);

    public RunRegistration {
        ports = Map.copyOf(ports);
    }

    /// The system of this process.
    ///
    /// @param ports the port of each component
    public static RunRegistration current(Map<String, Integer> ports, RunEndpoints endpoints) {
        var self = ProcessHandle.current();
        return new RunRegistration(
                self.pid(), self.info().startInstant().orElse(Instant.EPOCH), ports, endpoints);
    }

    /// Writes the file, so that commands find the system.
    ///
    /// @return deletes the file when closed
    /// @throws UncheckedIOException when the file cannot be written
    public AutoCloseable publish() {
        return publish(UserFolder.temporary());
    }

    AutoCloseable publish(Path folder) {
        var file = folder.resolve(pid + SUFFIX);
        try {
            var fresh =
                    Files.createTempFile(
                            folder, "run-", ".new", UserFolder.permissionAttribute("rw-------"));
            Files.writeString(fresh, JsonMapper.shared().writeValueAsString(this));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write " + file, failed);
        }
        return () -> Files.deleteIfExists(file);
    }

    /// The URL of a component.
    ///
    /// @throws CommandFailedException when the system has no such component
    ///
    /// @param component by its name, such as `local-cloud`
    public URI url(String component) {
        var port = ports.get(component);
        if (port == null) {
            throw new CommandFailedException(
                    "the system with process id %d has no component %s; it runs another version"
                            .formatted(pid, component));
        }
        return URI.create("http://127.0.0.1:" + port);
    }

    /// All running systems, the oldest first. Deletes the files of processes that have ended.
    public static List<RunRegistration> all() {
        try {
            return all(UserFolder.temporary());
        } catch (LocalMachineException _) {
            return List.of();
        }
    }

    static List<RunRegistration> all(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .flatMap(file -> read(file).stream())
                    .sorted(Comparator.comparing(RunRegistration::startedAt))
                    .toList();
        } catch (IOException _) {
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
        } catch (IOException | JacksonException | IllegalArgumentException _) {
            // Written by another version, or deleted meanwhile.
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

    /// Selects the system for a command.
    ///
    /// @param running the candidates
    /// @param chosen the process id given by the caller
    /// @param usualConsolePort of several systems the one with this console port is the default
    /// @return empty when none runs
    /// @throws CommandFailedException when there is no such system, or several and no default
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
                                                    "no running system of yours has process id %d%s"
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
                    "%d systems are running; select one with --run PROCESS: %s"
                            .formatted(running.size(), list(running)));
        }
        return usual;
    }

    private static String list(List<RunRegistration> running) {
        return running.stream()
                .map(system -> "%d (%s)".formatted(system.pid, system.endpoints.operationsUrl()))
                .collect(Collectors.joining(", "));
    }

    /// Omits the key.
    @Override
    public String toString() {
        return "RunRegistration[" + pid + "]";
    }
}
