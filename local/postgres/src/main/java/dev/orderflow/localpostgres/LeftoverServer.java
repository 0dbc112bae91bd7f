package dev.orderflow.localpostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A server that lost both the process that started it and the shell that watches over it.
///
/// Whoever calls this holds the folder's lock, so no other process works on the data.
final class LeftoverServer {

    private static final String PID_FILE = "postmaster.pid";
    private static final long PATIENCE_SECONDS = 60;

    private LeftoverServer() {}

    /// Stops the server that still runs on these data, if one does.
    ///
    /// @return its process id
    static Optional<Long> stop(Path data) {
        var running = pid(data).flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive);
        if (running.isEmpty()) {
            return Optional.empty();
        }
        if (!isPostgres(running.get())) {
            // The number belongs to another program by now, which would keep a server from
            // starting.
            forget(data);
            return Optional.empty();
        }
        var server = running.get();
        interrupt(server);
        if (!ends(server)) {
            server.destroyForcibly();
            if (!ends(server)) {
                throw new LocalPostgresException(
                        "a Postgres of an earlier run (process %d) still works on %s and does not stop; end it"
                                .formatted(server.pid(), data));
            }
            forget(data);
        }
        return Optional.of(server.pid());
    }

    /// The first line of the file that a running server keeps in its data.
    static Optional<Long> pid(Path data) {
        try (var lines = Files.lines(data.resolve(PID_FILE))) {
            return lines.findFirst().map(String::strip).map(Long::valueOf);
        } catch (IOException | UncheckedIOException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> command.endsWith("/postgres"))
                // Another user's, so it is not ours.
                .orElse(false);
    }

    /// SIGINT lets it end its sessions and write what it has; Java itself can send SIGTERM only,
    /// which waits for every session.
    private static void interrupt(ProcessHandle server) {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(server.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException noKill) {
            server.destroy();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean ends(ProcessHandle server) {
        try {
            server.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException | ExecutionException stays) {
            return !server.isAlive();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void forget(Path data) {
        try {
            Files.deleteIfExists(data.resolve(PID_FILE));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
