package dev.orderflow.localpostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A server whose starting process and supervising shell have both ended.
///
/// The caller must hold the lock of the folder, so that no other process uses the data.
final class LeftoverServer {

    private static final String PID_FILE = "postmaster.pid";
    private static final long STOP_TIMEOUT_SECONDS = 60;

    private LeftoverServer() {}

    /// Stops the server that still uses these data, if there is one.
    ///
    /// @return the process id of the stopped server
    static Optional<Long> stop(Path data) {
        var running = pid(data).flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive);
        if (running.isEmpty()) {
            return Optional.empty();
        }
        if (!isPostgres(running.get())) {
            // Another program has this process id now. Postgres would refuse to start because of
            // it.
            deletePidFile(data);
            return Optional.empty();
        }
        var server = running.get();
        interrupt(server);
        if (!awaitExit(server)) {
            server.destroyForcibly();
            if (!awaitExit(server)) {
                throw new LocalPostgresException(
                        "a Postgres server of an earlier run (process %d) still uses %s and does not stop; kill it"
                                .formatted(server.pid(), data));
            }
            deletePidFile(data);
        }
        return Optional.of(server.pid());
    }

    /// The process id in the first line of the `postmaster.pid` of a running server.
    static Optional<Long> pid(Path data) {
        try (var lines = Files.lines(data.resolve(PID_FILE))) {
            return lines.findFirst().map(String::strip).map(Long::valueOf);
        } catch (IOException | UncheckedIOException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> command.endsWith("/postgres"))
                // A process of another user shows no command, and it is not our server.
                .orElse(false);
    }

    /// SIGINT is the fast shutdown: the server ends its sessions and writes committed data. Java
    /// itself can send only SIGTERM, which waits for every session.
    private static void interrupt(ProcessHandle server) {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(server.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException _) {
            server.destroy();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean awaitExit(ProcessHandle server) {
        try {
            server.onExit().get(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException | ExecutionException _) {
            return !server.isAlive();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void deletePidFile(Path data) {
        try {
            Files.deleteIfExists(data.resolve(PID_FILE));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
