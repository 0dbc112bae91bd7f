package dev.orderflow.benchmarks;

import dev.orderflow.localpostgres.LocalPostgres;
import dev.orderflow.localpostgres.ScratchFolder;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// A Postgres server whose commits reach the disk, with a log of its statements when it is asked
/// for one.
final class MeasuredPostgres implements AutoCloseable {

    private static final Map<String, String> SETTINGS =
            Map.of(
                    "max_connections", "600",
                    "max_wal_size", "4GB",
                    "logging_collector", "on",
                    "log_destination", "jsonlog",
                    "log_filename", "server");

    private final LocalPostgres server;
    private long postmaster;

    /// @param scratch for data and log
    /// @param more settings
    MeasuredPostgres(ScratchFolder scratch, Map<String, String> more) {
        var settings = new HashMap<>(SETTINGS);
        settings.put("log_directory", logFolder(scratch).toString());
        settings.putAll(more);
        server = LocalPostgres.keepingData(scratch.path().resolve("kept"), settings, scratch);
    }

    /// The log of a server with this scratch folder.
    static Path log(ScratchFolder scratch) {
        return logFolder(scratch).resolve("server.json");
    }

    private static Path logFolder(ScratchFolder scratch) {
        return scratch.path().resolve("log");
    }

    void start() {
        server.start();
        postmaster =
                Long.parseLong(
                        query("postgres", "SELECT pg_read_file('postmaster.pid')")
                                .lines()
                                .findFirst()
                                .orElseThrow());
    }

    int port() {
        return server.port();
    }

    String password() {
        return server.password();
    }

    String url(String database) {
        return server.url(database);
    }

    String version() {
        return query("postgres", "SHOW server_version");
    }

    /// The processor time of the server with all its backends.
    Duration processorTime() {
        return ProcessorTime.ofTree(postmaster);
    }

    /// The bytes of write-ahead log so far.
    long walBytes() {
        return Long.parseLong(
                query("postgres", "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"));
    }

    /// @throws BenchmarkFailedException when it fails
    void execute(String database, String sql) {
        try (var connection =
                        DriverManager.getConnection(
                                url(database), LocalPostgres.USER, server.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new BenchmarkFailedException("the database failed", failed);
        }
    }

    /// The first column of the first row.
    ///
    /// @throws BenchmarkFailedException when it fails
    String query(String database, String sql) {
        try (var connection =
                        DriverManager.getConnection(
                                url(database), LocalPostgres.USER, server.password());
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException failed) {
            throw new BenchmarkFailedException("the database failed", failed);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
