package dev.orderflow.defaults.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks whether the database is reachable and accepts writes.
///
/// A server with a full disk still answers reads and accepts writes into allocated space. Therefore
/// the probe makes it write a temporary file of half a megabyte, which is deleted at the end of the
/// statement and leaves no trace in tables, catalogues or the log.
public final class DatabaseProbe {

    private static final Logger log = LoggerFactory.getLogger(DatabaseProbe.class);

    /// Several callers within this time share one check.
    private static final Duration FRESH = Duration.ofSeconds(3);

    /// More rows than fit into the `work_mem` of the transaction.
    private static final String WRITE =
            """
            SELECT current_setting('transaction_read_only') = 'on',
                   (SELECT count(*) FROM generate_series(1, 20000))
            """;

    private final DataSource database;
    private final LongSupplier nanoTime;
    private final ReentrantLock probing = new ReentrantLock();
    private volatile DatabaseStatus latest = new DatabaseStatus.DatabaseAvailable();
    private volatile long probedAt;

    public DatabaseProbe(DataSource database) {
        this(database, System::nanoTime);
    }

    DatabaseProbe(DataSource database, LongSupplier nanoTime) {
        this.database = database;
        this.nanoTime = nanoTime;
        this.probedAt = nanoTime.getAsLong() - FRESH.toNanos();
    }

    /// The result of a check.
    public sealed interface DatabaseStatus {

        /// It accepts writes, or all connections are in use.
        record DatabaseAvailable() implements DatabaseStatus {}

        /// It is unreachable or rejects writes.
        ///
        /// @param reason the SQLSTATE and its meaning, without data
        record DatabaseUnavailable(String reason) implements DatabaseStatus {}
    }

    /// Whether the database is available.
    public boolean isAvailable() {
        return check() instanceof DatabaseStatus.DatabaseAvailable;
    }

    /// Checks the database, at most every three seconds. It waits up to the time-outs of the pool
    /// and the socket.
    public DatabaseStatus check() {
        if (isStale()) {
            probing.lock();
            try {
                if (isStale()) {
                    var status = probe();
                    logChange(status);
                    latest = status;
                    probedAt = nanoTime.getAsLong();
                }
            } finally {
                probing.unlock();
            }
        }
        return latest;
    }

    private boolean isStale() {
        return nanoTime.getAsLong() - probedAt >= FRESH.toNanos();
    }

    private void logChange(DatabaseStatus status) {
        switch (status) {
            case DatabaseStatus.DatabaseUnavailable(var reason)
                    when latest instanceof DatabaseStatus.DatabaseAvailable ->
                    log.error("database unavailable: {}", reason);
            case DatabaseStatus.DatabaseAvailable _
                    when latest instanceof DatabaseStatus.DatabaseUnavailable ->
                    log.info("database available again");
            case DatabaseStatus.DatabaseAvailable _, DatabaseStatus.DatabaseUnavailable _ -> {}
        }
    }

    private DatabaseStatus probe() {
        try (var connection = database.getConnection()) {
            return probe(connection);
        } catch (SQLException failed) {
            return isBusy()
                    ? new DatabaseStatus.DatabaseAvailable()
                    : new DatabaseStatus.DatabaseUnavailable(reason(failed));
        }
    }

    private static DatabaseStatus probe(Connection connection) throws SQLException {
        boolean isAutoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("SET LOCAL work_mem = '64kB'");
            try (var row = statement.executeQuery(WRITE)) {
                row.next();
                return row.getBoolean(1)
                        ? new DatabaseStatus.DatabaseUnavailable("SQLSTATE 25006: read-only")
                        : new DatabaseStatus.DatabaseAvailable();
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(isAutoCommit);
        }
    }

    /// All connections are in use, so the database responds to other callers. If it stops
    /// responding, the socket time-out empties the pool.
    private boolean isBusy() {
        return database instanceof HikariDataSource pool
                && pool.getHikariPoolMXBean() != null
                && pool.getHikariPoolMXBean().getActiveConnections() >= pool.getMaximumPoolSize();
    }

    private static String reason(SQLException failed) {
        var state = DatabaseFailures.sqlState(failed).orElse("");
        return switch (state) {
            case "53100" -> "SQLSTATE 53100: disk full";
            case "57P03" -> "SQLSTATE 57P03: server starting or recovering";
            case "" -> "no connection";
            default -> "SQLSTATE " + state;
        };
    }
}
