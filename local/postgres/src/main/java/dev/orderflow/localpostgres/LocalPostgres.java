package dev.orderflow.localpostgres;

import dev.orderflow.localmachine.FreePorts;
import dev.orderflow.localmachine.UserFolder;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A Postgres server on 127.0.0.1.
///
/// ```java
/// try (var postgres = LocalPostgres.withoutKeepingData(Map.of("max_connections", "300"))) {
///     postgres.start();
///     var url = postgres.url("postgres");
///     DriverManager.getConnection(url, LocalPostgres.USER, postgres.password());
/// }
/// ```
///
/// Made and started are two things, so that another thread can close it while it starts.
public final class LocalPostgres implements AutoCloseable {

    /// The superuser of the server, who needs the password like every user.
    public static final String USER = "postgres";

    static final String DATA = "postgres";

    private static final Logger log = LoggerFactory.getLogger(LocalPostgres.class);
    private static final String PASSWORD_FILE = "postgres.password";
    private static final int MOST_TRIES = 20;

    /// How long a stop may take before the server is killed; its shell asks more firmly after half
    /// a minute already.
    private static final long STOP_SECONDS = 60;

    private static final Pattern CAUSE = Pattern.compile("(?<=(?:FATAL|PANIC|error): {1,2})[^ ].*");

    private final Map<String, String> settings;
    private final ScratchFolder scratch;
    private final Path folder;
    private final boolean kept;
    private final @Nullable FolderLock lock;
    private final String password;
    private final Object guard = new Object();
    private @Nullable Process shell;
    private volatile long pid;
    private volatile int port;
    private boolean closed;

    private LocalPostgres(
            Map<String, String> settings,
            ScratchFolder scratch,
            Path folder,
            boolean kept,
            @Nullable FolderLock lock) {
        this.settings = Map.copyOf(settings);
        this.scratch = scratch;
        this.folder = folder;
        this.kept = kept;
        this.lock = lock;
        this.password = readPassword(folder);
    }

    /// A server whose data are deleted when it is closed.
    ///
    /// @param settings as in postgresql.conf
    public static LocalPostgres withoutKeepingData(Map<String, String> settings) {
        return withoutKeepingData(settings, ScratchFolder.create());
    }

    /// A server whose data lie in a temporary folder of the caller's, all of which is deleted with
    /// them.
    public static LocalPostgres withoutKeepingData(
            Map<String, String> settings, ScratchFolder scratch) {
        return new LocalPostgres(settings, scratch, scratch.path(), false, null);
    }

    /// A server whose data stay in a folder, for the next one. Whatever is committed survives a
    /// crash of the machine.
    ///
    /// @param folder is made when it is not there
    /// @param scratch deleted when it is closed
    /// @throws LocalPostgresException when another process works on these data, or another version
    ///     wrote them
    public static LocalPostgres keepingData(
            Path folder, Map<String, String> settings, ScratchFolder scratch) {
        try {
            Files.createDirectories(folder);
        } catch (IOException failed) {
            throw new LocalPostgresException(
                    "data cannot be kept in %s: no such folder can be made".formatted(folder),
                    failed);
        }
        var lock = take(folder);
        try {
            var durable = new TreeMap<String, String>(settings);
            durable.put("fsync", "on");
            durable.put("full_page_writes", "on");
            durable.put("synchronous_commit", "on");
            return new LocalPostgres(durable, scratch, folder, true, lock);
        } catch (RuntimeException failed) {
            lock.close();
            throw failed;
        }
    }

    private static FolderLock take(Path folder) {
        try {
            return FolderLock.take(folder)
                    .orElseThrow(
                            () ->
                                    new LocalPostgresException(
                                            "the data in %s are in use by another process%s; stop it or choose another folder"
                                                    .formatted(
                                                            folder,
                                                            LeftoverServer.pid(folder.resolve(DATA))
                                                                    .map(
                                                                            " (its Postgres is %d)"
                                                                                    ::formatted)
                                                                    .orElse(""))));
        } catch (UncheckedIOException failed) {
            throw new LocalPostgresException(
                    "data cannot be kept in %s: %s"
                            .formatted(
                                    folder, Objects.requireNonNull(failed.getCause()).getMessage()),
                    failed);
        }
    }

    /// Starts it on a free port and waits until it takes connections, however long that is.
    ///
    /// @throws LocalPostgresException when it does not start; the message has the server's reason
    /// @throws IllegalStateException when it was closed meanwhile
    public LocalPostgres start() {
        var binaries = PostgresBinaries.unpackedFolder();
        LeftoverServer.stop(data())
                .ifPresent(
                        left ->
                                log.warn(
                                        "a Postgres of an earlier run (process {}) still worked on {} and was stopped",
                                        left,
                                        data()));
        requireSameVersion(binaries);
        for (int tries = 1; ; tries++) {
            try {
                start(binaries, FreePorts.one());
                return this;
            } catch (PortConflictException taken) {
                if (tries == MOST_TRIES) {
                    throw new LocalPostgresException("Postgres finds no free port", taken);
                }
            }
        }
    }

    private static final class PortConflictException extends Exception {

        private static final long serialVersionUID = 1L;
    }

    private void start(Path binaries, int onPort) throws PortConflictException {
        Process started;
        synchronized (guard) {
            requireOpen();
            started = launch(binaries, onPort);
            shell = started;
        }
        port = onPort;
        pid = readPid(started);
        while (!isReady()) {
            if (!started.isAlive()) {
                throw failure();
            }
            pause();
        }
        synchronized (guard) {
            requireOpen();
        }
    }

    private Process launch(Path binaries, int onPort) {
        var command = new ArrayList<String>();
        command.addAll(newSessionCommand());
        command.addAll(List.of("sh", script().toString(), userNamespaceCommand()));
        command.addAll(
                List.of(
                        binaries.resolve("bin").toString(),
                        data().toString(),
                        folder.resolve(PASSWORD_FILE).toString(),
                        scratch.path().toString()));
        serverSettings(onPort)
                .forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        try {
            return new ProcessBuilder(command).redirectError(logFile().toFile()).start();
        } catch (IOException failed) {
            throw new LocalPostgresException(
                    "Postgres did not start: " + failed.getMessage(), failed);
        }
    }

    private Map<String, String> serverSettings(int onPort) {
        var all = new TreeMap<String, String>();
        all.put("port", Integer.toString(onPort));
        all.put("listen_addresses", "127.0.0.1");
        // Nothing but TCP, so that nothing of it lies in a folder that all users share.
        all.put("unix_socket_directories", "");
        all.put("timezone", "UTC");
        all.put("fsync", "off");
        all.put("full_page_writes", "off");
        all.put("synchronous_commit", "off");
        all.putAll(settings);
        return all;
    }

    /// Ctrl-C goes to every process of the terminal's group, and the server is to stop after those
    /// that use it. Linux has `setsid`, macOS has Perl; without either the shell at least ignores
    /// it.
    private static List<String> newSessionCommand() {
        if (isOnPath("setsid")) {
            return List.of("setsid");
        }
        return isOnPath("perl")
                ? List.of("perl", "-MPOSIX=setsid", "-e", "setsid(); exec @ARGV or die $!")
                : List.of();
    }

    /// Postgres does not run as root; in a user namespace of its own it does not see that it is.
    private static String userNamespaceCommand() {
        return "root".equals(System.getProperty("user.name")) && isOnPath("unshare")
                ? "unshare -U"
                : "";
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH"))
                                .orElse("/usr/bin:/bin")
                                .split(File.pathSeparator))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, program)));
    }

    private Path script() {
        var script = scratch.path().resolve("supervise.sh");
        try (var in = LocalPostgres.class.getResourceAsStream("supervise.sh")) {
            if (!Files.exists(script)) {
                Files.copy(Objects.requireNonNull(in, "supervise.sh"), script);
            }
            return script;
        } catch (IOException full) {
            throw new LocalPostgresException("Postgres did not start: " + full.getMessage(), full);
        }
    }

    /// @return 0 when it did not come so far
    private static long readPid(Process started) {
        var out =
                new BufferedReader(
                        new InputStreamReader(started.getInputStream(), StandardCharsets.US_ASCII));
        try {
            var line = out.readLine();
            return line == null ? 0 : Long.parseLong(line.strip());
        } catch (IOException ended) {
            return 0;
        }
    }

    /// The server itself writes that it is.
    private boolean isReady() {
        try {
            var lines = Files.readAllLines(data().resolve("postmaster.pid"));
            return lines.size() >= 8
                    && lines.get(0).strip().equals(Long.toString(pid))
                    && lines.get(7).strip().equals("ready");
        } catch (IOException notYet) {
            return false;
        }
    }

    private LocalPostgresException failure() throws PortConflictException {
        synchronized (guard) {
            requireOpen();
        }
        var lines = logLines();
        if (lines.stream().anyMatch(line -> line.contains("Address already in use"))) {
            throw new PortConflictException();
        }
        var why =
                lines.stream()
                        .map(CAUSE::matcher)
                        .filter(Matcher::find)
                        .map(Matcher::group)
                        .findFirst()
                        .or(() -> lines.reversed().stream().findFirst())
                        .orElse("it ended without a message");
        return new LocalPostgresException("Postgres did not start: " + why);
    }

    private List<String> logLines() {
        try {
            return Files.readAllLines(logFile());
        } catch (IOException none) {
            return List.of();
        }
    }

    private Path logFile() {
        return (kept ? folder : scratch.path()).resolve("postgres.log");
    }

    /// The file format changes with every major version.
    private void requireSameVersion(Path binaries) {
        var file = data().resolve("PG_VERSION");
        try {
            if (Files.exists(file)) {
                var written = Files.readString(file).strip();
                var ours = PostgresBinaries.majorVersion(binaries);
                if (!written.equals(ours)) {
                    throw new LocalPostgresException(
                            "the data in %s were written by Postgres %s and this is %s; choose another folder"
                                    .formatted(folder, written, ours));
                }
            }
        } catch (IOException failed) {
            throw new LocalPostgresException(
                    "the data in %s cannot be read: %s".formatted(folder, failed.getMessage()),
                    failed);
        }
    }

    /// Kills the server as a crash would, with what it was doing, and starts it again on the same
    /// data and port.
    ///
    /// @throws IllegalStateException when the data are not kept: those need not survive it
    public void crashAndRecover() {
        if (!kept) {
            throw new IllegalStateException("data that are not kept need not survive a crash");
        }
        Process before;
        synchronized (guard) {
            requireOpen();
            before = Objects.requireNonNull(shell, "not started");
        }
        ProcessHandle.of(pid)
                .ifPresent(
                        server -> {
                            var helpers = server.descendants().toList();
                            server.destroyForcibly();
                            // They notice on their own, and the next server waits for the last one.
                            helpers.forEach(helper -> helper.onExit().join());
                        });
        before.onExit().join();
        try {
            start(PostgresBinaries.unpackedFolder(), port);
        } catch (PortConflictException taken) {
            throw new LocalPostgresException(
                    "port %d of Postgres was taken while it was away".formatted(port), taken);
        }
    }

    /// Where it listens, on 127.0.0.1.
    public int port() {
        return port;
    }

    /// The password of [#USER].
    public String password() {
        return password;
    }

    /// Where a database is, without user and password.
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
    }

    /// The server's process.
    long pid() {
        return pid;
    }

    private Path data() {
        return folder.resolve(DATA);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("Postgres was stopped");
        }
    }

    /// Kept data keep their password, in a file that only its user reads.
    private static String readPassword(Path folder) {
        var file = folder.resolve(PASSWORD_FILE);
        try {
            if (Files.exists(file)) {
                return Files.readString(file).strip();
            }
            if (Files.exists(folder.resolve(DATA).resolve("PG_VERSION"))) {
                throw new LocalPostgresException(
                        "the data in %s have no %s; choose another folder"
                                .formatted(folder, PASSWORD_FILE));
            }
            var bytes = new byte[24];
            new SecureRandom().nextBytes(bytes);
            var drawn = HexFormat.of().formatHex(bytes);
            Files.writeString(Files.createFile(file, UserFolder.onlyItsUser("rw-------")), drawn);
            return drawn;
        } catch (IOException failed) {
            throw new LocalPostgresException(
                    "no password can be kept in %s: %s".formatted(folder, failed.getMessage()),
                    failed);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while Postgres started", stopped);
        }
    }

    /// Stops the server and deletes what is not kept. May be called while it starts, and again.
    @Override
    public void close() {
        Process running;
        synchronized (guard) {
            if (closed) {
                return;
            }
            closed = true;
            running = shell;
        }
        if (running != null) {
            stop(running);
        }
        scratch.close();
        if (lock != null) {
            lock.close();
        }
    }

    private void stop(Process running) {
        try {
            running.getOutputStream().close();
        } catch (IOException ended) {
            // then it needs not be told
        }
        try {
            running.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException stubborn) {
            log.warn("Postgres did not stop within {} s and was killed", STOP_SECONDS);
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            running.onExit().join();
        } catch (InterruptedException stopped) {
            // Its shell stops it all the same.
            Thread.currentThread().interrupt();
        }
    }
}
