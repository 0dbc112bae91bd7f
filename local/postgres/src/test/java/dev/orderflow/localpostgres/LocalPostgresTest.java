package dev.orderflow.localpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir private Path folder;

    @Test
    void aConnectionRequiresThePassword() throws SQLException {
        try (var postgres = LocalPostgres.withoutKeepingData(Map.of()).start()) {
            assertThat(one(postgres, "SELECT current_user")).isEqualTo("postgres");
            assertThatThrownBy(() -> connect(postgres, "").close())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
            assertThatThrownBy(() -> connect(postgres, "postgres").close())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThat(
                            one(
                                    postgres,
                                    "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"))
                    .isEqualTo("scram-sha-256");
            assertThat(one(postgres, "SHOW unix_socket_directories")).isEmpty();
        }
    }

    @Test
    void scratchDataIsDeletedWhenTheServerStops() {
        var scratch = ScratchFolder.create(folder);
        long pid;
        try (var postgres = LocalPostgres.withoutKeepingData(Map.of(), scratch).start()) {
            pid = postgres.pid();
            assertThat(scratch.path().resolve(LocalPostgres.DATA)).isDirectory();
        }
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(scratch.path()).doesNotExist();
    }

    @Test
    void aServerCanBeClosedWhileItStarts() throws Exception {
        var scratch = ScratchFolder.create(folder);
        var postgres = LocalPostgres.withoutKeepingData(Map.of(), scratch);
        var start = CompletableFuture.supplyAsync(postgres::start);
        await().atMost(LONG).until(() -> Files.exists(scratch.path().resolve("postgres.log")));
        postgres.close();
        assertThatThrownBy(start::get).isInstanceOf(ExecutionException.class);
        assertThat(scratch.path()).doesNotExist();
        assertThatThrownBy(postgres::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aServerAndItsDataAreRemovedWhenItsProcessIsKilled() throws Exception {
        var child = child();
        var server = ProcessHandle.of(child.pid()).orElseThrow();
        child.process().destroyForcibly();
        await().atMost(LONG).until(() -> !server.isAlive());
        await().atMost(LONG).until(() -> Files.notExists(child.scratch()));
    }

    @Test
    void theNextProcessStopsAServerThatLostItsSupervisor() throws Exception {
        var child = child();
        var server = ProcessHandle.of(child.pid()).orElseThrow();
        killAllBut(server, child);
        assertThat(server.isAlive()).isTrue();

        try (var _ = ScratchFolder.create(folder)) {
            await().atMost(LONG).until(() -> !server.isAlive());
            assertThat(child.scratch()).doesNotExist();
        }
    }

    @Test
    void aLeftoverServerIsStoppedAndItsDataReused() throws Exception {
        var data = folder.resolve("data");
        var child = child("keep", data.toString());
        var server = ProcessHandle.of(child.pid()).orElseThrow();
        killAllBut(server, child);
        assertThat(server.isAlive()).isTrue();

        try (var next = kept(data).start()) {
            assertThat(server.isAlive()).isFalse();
            assertThat(one(next, "SELECT text FROM kept")).isEqualTo("there");
        }
    }

    @Test
    void aProcessIdThatAnotherProgramReusesDoesNotPreventTheStart() throws Exception {
        var data = folder.resolve("data");
        kept(data).start().close();
        Files.writeString(
                data.resolve("postgres/postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + data + "\n");
        try (var next = kept(data).start()) {
            assertThat(one(next, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void twoServersNeverUseTheSameData() throws Exception {
        var data = folder.resolve("data");
        var child = child("keep", data.toString());
        assertThatThrownBy(() -> kept(data))
                .isInstanceOf(LocalPostgresException.class)
                .hasMessageContaining("are in use by another process")
                .message()
                .hasLineCount(1);
        child.process().destroy();
        // The server may still write to its data after the process that started it has ended.
        await().atMost(LONG).until(() -> !child.process().isAlive());
        await().atMost(LONG).until(() -> Files.notExists(child.scratch()));
        try (var _ = kept(data)) {
            assertThatThrownBy(() -> kept(data)).hasMessageContaining("in use");
        }
    }

    @Test
    void keptDataSurviveACrashAndAStop() throws SQLException {
        var data = folder.resolve("data");
        String password;
        try (var postgres = kept(data).start()) {
            password = postgres.password();
            makeTable(postgres);
            int port = postgres.port();
            long before = postgres.pid();
            postgres.crashAndRecover();
            assertThat(postgres.port()).isEqualTo(port);
            assertThat(postgres.pid()).isNotEqualTo(before);
            assertThat(one(postgres, "SELECT text FROM kept")).isEqualTo("there");
        }
        try (var postgres = kept(data).start()) {
            assertThat(postgres.password()).isEqualTo(password);
            assertThat(one(postgres, "SELECT text FROM kept")).isEqualTo("there");
        }
    }

    @Test
    void dataOfAnotherVersionAreReportedAndNotChanged() throws IOException {
        var data = folder.resolve("data");
        Files.createDirectories(data.resolve("postgres"));
        Files.writeString(data.resolve("postgres.password"), "x");
        Files.writeString(data.resolve("postgres/PG_VERSION"), "9.6\n");
        try (var postgres = kept(data)) {
            assertThatThrownBy(postgres::start)
                    .isInstanceOf(LocalPostgresException.class)
                    .hasMessageContaining("were written by Postgres 9.6");
        }
        assertThat(data.resolve("postgres/PG_VERSION")).hasContent("9.6");
    }

    @Test
    void aDataFolderThatCannotBeCreatedIsReportedOnce() throws IOException {
        var data = Files.createFile(folder.resolve("file")).resolve("data");
        assertThatThrownBy(() -> kept(data))
                .isInstanceOf(LocalPostgresException.class)
                .hasMessage(
                        "data cannot be kept in %s: the folder cannot be created".formatted(data));
    }

    @Test
    void aFailedStartReportsTheMessageOfTheServer() {
        try (var postgres = LocalPostgres.withoutKeepingData(Map.of("max_connections", "none"))) {
            assertThatThrownBy(postgres::start)
                    .isInstanceOf(LocalPostgresException.class)
                    .hasMessage(
                            "Postgres did not start: invalid value for parameter \"max_connections\": \"none\"");
        }
    }

    private LocalPostgres kept(Path data) {
        return LocalPostgres.keepingData(data, Map.of(), ScratchFolder.create(folder));
    }

    private static Connection connect(LocalPostgres postgres, String password) throws SQLException {
        return DriverManager.getConnection(postgres.url("postgres"), LocalPostgres.USER, password);
    }

    private static String one(LocalPostgres postgres, String query) throws SQLException {
        try (var connection = connect(postgres, postgres.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void makeTable(LocalPostgres postgres) throws SQLException {
        try (var connection = connect(postgres, postgres.password());
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept AS SELECT 'there' AS text");
        }
    }

    /// The process, its supervising shell and the processes that it started.
    private static void killAllBut(ProcessHandle server, Child child) {
        var shell = server.parent().orElseThrow();
        shell.children().filter(each -> !each.equals(server)).forEach(LocalPostgresTest::kill);
        kill(shell);
        kill(child.process().toHandle());
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        await().atMost(LONG).until(() -> !process.isAlive());
    }

    private record Child(Process process, long pid, Path scratch) {}

    /// Starts another JVM with a server, to be killed.
    private Child child(String... arguments) throws IOException {
        var command =
                Stream.concat(
                                Stream.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-XX:+UseSerialGC",
                                        "-XX:TieredStopAtLevel=1",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        PostgresTestProcess.class.getName(),
                                        folder.toString()),
                                Stream.of(arguments))
                        .toList();
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var said = List.of(out.readLine().split(" ", 2));
        return new Child(process, Long.parseLong(said.get(0)), Path.of(said.get(1)));
    }

    /// The main method starts a server and prints its process id and its scratch folder.
    static final class PostgresTestProcess {

        public static void main(String[] arguments) throws Exception {
            var scratch = ScratchFolder.create(Path.of(arguments[0]));
            var postgres =
                    arguments.length > 1
                            ? LocalPostgres.keepingData(Path.of(arguments[2]), Map.of(), scratch)
                            : LocalPostgres.withoutKeepingData(Map.of(), scratch);
            postgres.start();
            makeTable(postgres);
            System.out.println(postgres.pid() + " " + scratch.path());
            Thread.sleep(Duration.ofMinutes(10));
        }
    }
}
