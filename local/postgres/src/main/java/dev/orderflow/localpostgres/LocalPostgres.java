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
/// Creating and starting are separate steps, so that another thread can close the server while it
/// starts.
public final class LocalPostgres implements AutoCloseable {

    /// The superuser of the server. It needs the password, like every user.
    public static final String USER = "postgres";

    static final String DATA = "postgres";

    private static final Logger log = LoggerFactory.getLogger(LocalPostgres.class);
    private static final String PASSWORD_FILE = "postgres.password";
    private static final int MAX_ATTEMPTS = 20;

    /// The time after which a server that does not stop is killed. `supervise.sh` already changes
    /// from a fast to an immediate shutdown after half a minute.
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

    /// Creates a server whose data are deleted when it is closed.
    ///
    /// @param settings settings of `postgresql.conf`
    public static LocalPostgres withoutKeepingData(Map<String, String> settings) {
        return withoutKeepingData(settings, ScratchFolder.create());
    }

    /// Creates a server whose data are in a temporary folder of the caller; closing the server
    /// deletes the whole folder.
    public static LocalPostgres withoutKeepingData(
            Map<String, String> settings, ScratchFolder scratch) {
        return new LocalPostgres(settings, scratch, scratch.path(), false, null);
    }

    /// Creates a server whose data are kept in a folder for the next server. Committed data survive
    /// a crash of the machine.
    ///
    /// @param folder the folder of the data; created if it does not exist
    /// @param scratch deleted when the server is closed
    /// @throws LocalPostgresException if another process uses these data or the folder cannot be
    ///     created
    public static LocalPostgres keepingData(
            Path folder, Map<String, String> settings, ScratchFolder scratch) {
        try {
            Files.createDirectories(folder);
        } catch (IOException failed) {
            throw new LocalPostgresException(
                    "data cannot be kept in %s: the folder cannot be created".formatted(folder),
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

    /// Starts the server on a free port and waits, without a limit, until it accepts connections.
    ///
    /// @throws LocalPostgresException if the server does not start, with the reason it logged, or
    ///     if another major version wrote the data
    /// @throws IllegalStateException if the server was closed meanwhile
    public LocalPostgres start() {
        var binaries = PostgresBinaries.unpackedFolder();
        LeftoverServer.stop(data())
                .ifPresent(
                        left ->
                                log.warn(
                                        "stopped a Postgres server of an earlier run (process {}) that still used {}",
                                        left,
                                        data()));
        requireSameVersion(binaries);
        for (int attempt = 1; ; attempt++) {
            try {
                start(binaries, FreePorts.findOne());
                return this;
            } catch (PortConflictException failure) {
                if (attempt == MAX_ATTEMPTS) {
                    throw new LocalPostgresException(
                            "no free port for Postgres after %d attempts".formatted(MAX_ATTEMPTS),
                            failure);
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
        // TCP only: a socket would be in a folder that all users share.
        all.put("unix_socket_directories", "");
        all.put("timezone", "UTC");
        all.put("fsync", "off");
        all.put("full_page_writes", "off");
        all.put("synchronous_commit", "off");
        all.putAll(settings);
        return all;
    }

    /// The prefix that starts the server in a session of its own. Ctrl-C reaches every process of
    /// the terminal's group, but the server must stop after the processes that use it. Linux has
    /// `setsid`, macOS has Perl; without either, only the supervising shell ignores the signal.
    private static List<String> newSessionCommand() {
        if (isOnPath("setsid")) {
            return List.of("setsid");
        }
        return isOnPath("perl")
                ? List.of("perl", "-MPOSIX=setsid", "-e", "setsid(); exec @ARGV or die $!")
                : List.of();
    }

    /// The prefix that runs the server in a user namespace if this process runs as root, because
    /// Postgres refuses to run as root.
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
        } catch (IOException failure) {
            throw new LocalPostgresException(
                    "Postgres did not start: " + failure.getMessage(), failure);
        }
    }

    /// @return the process id of the server, or 0 if it was not started
    private static long readPid(Process started) {
        var out =
                new BufferedReader(
                        new InputStreamReader(started.getInputStream(), StandardCharsets.US_ASCII));
        try {
            var line = out.readLine();
            return line == null ? 0 : Long.parseLong(line.strip());
        } catch (IOException _) {
            return 0;
        }
    }

    /// Whether the server has written `ready` into its `postmaster.pid`.
    private boolean isReady() {
        try {
            var lines = Files.readAllLines(data().resolve("postmaster.pid"));
            return lines.size() >= 8
                    && lines.get(0).strip().equals(Long.toString(pid))
                    && lines.get(7).strip().equals("ready");
        } catch (IOException _) {
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
        } catch (IOException _) {
            return List.of();
        }
    }

    private Path logFile() {
        return (kept ? folder : scratch.path()).resolve("postgres.log");
    }

    /// Rejects data of another major version, because the file format changes with each.
    private void requireSameVersion(Path binaries) {
        var file = data().resolve("PG_VERSION");
        try {
            if (Files.exists(file)) {
                var written = Files.readString(file).strip();
                var ours = PostgresBinaries.majorVersion(binaries);
                if (!written.equals(ours)) {
                    throw new LocalPostgresException(
                            "the data in %s were written by Postgres %s, but this is version %s; choose another folder"
                                    .formatted(folder, written, ours));
                }
            }
        } catch (IOException failed) {
            throw new LocalPostgresException(
                    "the data in %s cannot be read: %s".formatted(folder, failed.getMessage()),
                    failed);
        }
    }

    /// Kills the server with all its sessions, as a crash would, and starts it again with the same
    /// data and port.
    ///
    /// @throws IllegalStateException if the data are not kept, because such data may not survive
    public void crashAndRecover() {
        if (!kept) {
            throw new IllegalStateException(
                    "only a server that keeps its data can recover from a crash");
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
                            // The helper processes end by themselves; the next server can start
                            // only after the last one has ended.
                            helpers.forEach(helper -> helper.onExit().join());
                        });
        before.onExit().join();
        try {
            start(PostgresBinaries.unpackedFolder(), port);
        } catch (PortConflictException failure) {
            throw new LocalPostgresException(
                    "another process took port %d while Postgres was down".formatted(port),
                    failure);
        }
    }

    /// The port of the server on 127.0.0.1.
    public int port() {
        return port;
    }

    /// The password of [#USER].
    public String password() {
        return password;
    }

    /// The JDBC URL of a database, without user and password.
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
    }

    /// The process id of the server.
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

    /// Reads the password of kept data, or generates one and stores it in a file that only its user
    /// can read.
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
            var generated = HexFormat.of().formatHex(bytes);
            Files.writeString(
                    Files.createFile(file, UserFolder.permissionAttribute("rw-------")), generated);
            return generated;
        } catch (IOException failed) {
            throw new LocalPostgresException(
                    "cannot store the password in %s: %s".formatted(folder, failed.getMessage()),
                    failed);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Postgres started", interrupted);
        }
    }

    /// Stops the server and deletes its scratch folder. May be called while the server starts, and
    /// more than once.
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
        } catch (IOException _) {
            // The supervising shell has already ended.
        }
        try {
            running.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException _) {
            log.warn("Postgres did not stop within {} s and was killed", STOP_SECONDS);
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            running.onExit().join();
        } catch (InterruptedException _) {
            // The supervising shell stops the server nevertheless.
            Thread.currentThread().interrupt();
        }
    }
}
