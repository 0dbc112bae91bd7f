package dev.orderflow.localrun;

import dev.orderflow.commandline.operations.RunRegistration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds the process that listens on a port, as far as this user may see it.
final class PortOwner {

    private static final Pattern LISTENING =
            Pattern.compile(
                    "\\s*\\d+: [0-9A-F]+:([0-9A-F]{4}) \\S+ 0A (?:\\S+ ){3}\\s*\\d+\\s+\\d+ (\\d+).*");

    private PortOwner() {}

    /// A phrase that follows "is in use by".
    static String of(int port) {
        return RunRegistration.all().stream()
                .filter(system -> system.ports().containsValue(port))
                .findFirst()
                .map(system -> "another './orderflow run' (process %d)".formatted(system.pid()))
                .or(() -> process(port).map(PortOwner::describe))
                .orElse("a program of another user");
    }

    private static String describe(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> "%s (process %d)".formatted(command, process.pid()))
                .orElse("process " + process.pid());
    }

    private static Optional<ProcessHandle> process(int port) {
        return (Files.isReadable(Path.of("/proc/net/tcp")) ? fromProc(port) : fromLsof(port))
                .flatMap(ProcessHandle::of);
    }

    private static Optional<Long> fromProc(int port) {
        var sockets =
                Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                        .flatMap(file -> lines(Path.of(file)).stream())
                        .map(LISTENING::matcher)
                        .filter(line -> line.matches())
                        .filter(line -> Integer.parseInt(line.group(1), 16) == port)
                        .map(line -> "socket:[" + line.group(2) + "]")
                        .collect(Collectors.toSet());
        return sockets.isEmpty()
                ? Optional.empty()
                : ProcessHandle.allProcesses()
                        .map(ProcessHandle::pid)
                        .filter(pid -> hasOpen(pid, sockets))
                        .findFirst();
    }

    private static boolean hasOpen(long pid, Set<String> sockets) {
        try (var files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return files.anyMatch(file -> sockets.contains(target(file)));
        } catch (IOException _) {
            return false;
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            return "";
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException _) {
            return List.of();
        }
    }

    private static Optional<Long> fromLsof(int port) {
        try {
            var lsof =
                    new ProcessBuilder("lsof", "-nP", "-t", "-iTCP:" + port, "-sTCP:LISTEN")
                            .redirectErrorStream(true)
                            .start();
            return new String(lsof.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> line.matches("\\d+"))
                    .map(Long::valueOf)
                    .findFirst();
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
