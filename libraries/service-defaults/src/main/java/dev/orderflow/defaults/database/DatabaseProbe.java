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

/// Finds out whether the database can be reached and takes writes.
///
/// A server whose disk is full answers every read, and takes writes that fit into what it has
/// already. So the probe has it write a temporary file of half a megabyte, which is gone when the
/// statement ends and leaves no trace in tables, catalogues or the log.
public final class DatabaseProbe {

    private static final Logger log = LoggerFactory.getLogger(DatabaseProbe.class);

    /// Several ask within the same second; one question to the database serves them all.
    private static final Duration FRESH = Duration.ofSeconds(3);

    /// More rows than fit into the memory that the transaction allows itself.
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

    /// What was found out.
    public sealed interface DatabaseStatus {

        /// It answers and takes writes, or all connections are busy with answering.
        record DatabaseAvailable() implements DatabaseStatus {}

        /// It cannot be used now.
        ///
        /// @param reason the SQLSTATE with what it means; no data
        record DatabaseUnavailable(String reason) implements DatabaseStatus {}
    }

    /// Whether the database can be used now.
    public boolean isAvailable() {
        return check() instanceof DatabaseStatus.DatabaseAvailable;
    }

    /// Asks the database, at most every three seconds. Waits as long as the pool and the socket's
    /// time-out let it.
    public DatabaseStatus check() {
        if (isStale()) {
            probing.lock();
            try {
                if (isStale()) {
                    var found = probe();
                    logChange(found);
                    latest = found;
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

    private void logChange(DatabaseStatus found) {
        switch (found) {
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
                        ? new DatabaseStatus.DatabaseUnavailable(
                                "SQLSTATE 25006: it takes no writes")
                        : new DatabaseStatus.DatabaseAvailable();
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(isAutoCommit);
        }
    }

    /// All connections are in use, so the database answers somebody: a full house is no reason to
    /// send requests elsewhere. When it falls silent instead, the sockets' time-out empties the
    /// pool.
    private boolean isBusy() {
        return database instanceof HikariDataSource pool
                && pool.getHikariPoolMXBean() != null
                && pool.getHikariPoolMXBean().getActiveConnections() >= pool.getMaximumPoolSize();
    }

    private static String reason(SQLException failed) {
        var state = DatabaseFailures.sqlState(failed).orElse("");
        return switch (state) {
            case "53100" -> "SQLSTATE 53100: its disk is full";
            case "57P03" -> "SQLSTATE 57P03: it starts or recovers";
            case "" -> "no connection";
            default -> "SQLSTATE " + state;
        };
    }
}
