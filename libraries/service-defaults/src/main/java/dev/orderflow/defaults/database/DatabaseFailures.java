package dev.orderflow.defaults.database;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionSystemException;

/// Distinguishes temporary database failures from programming errors by the
/// [SQLSTATE](https://www.postgresql.org/docs/current/errcodes-appendix.html) of Postgres or the
/// driver.
public final class DatabaseFailures {

    /// Connection failures, insufficient resources (disk, memory, connections), errors of the
    /// operating system, and rolled-back transactions.
    private static final Set<String> TEMPORARY_CLASSES = Set.of("08", "40", "53", "58");

    /// Read-only after a failover, terminated idle transaction, lock time-out, cancelled statement,
    /// server shutting down, crashed or starting, and terminated session.
    private static final Set<String> TEMPORARY_STATES =
            Set.of("25006", "25P03", "25P04", "55P03", "57014", "57P01", "57P02", "57P03", "57P05");

    /// Serialisation failure, deadlock, rollback caused by another transaction, and lock time-out.
    private static final Set<String> CONTENTION =
            Set.of("40000", "40001", "40002", "40003", "40P01", "55P03");

    /// The message of Hikari about a connection that it closed after a failure.
    private static final String BROKEN_CONNECTION = "Connection is closed";

    /// Deeper than any chain of causes of Spring, Hibernate and Hikari.
    private static final int MAX_DEPTH = 16;

    private DatabaseFailures() {}

    /// Whether the same operation may succeed later.
    public static boolean isTemporary(Throwable failure) {
        return sqlFailure(failure).filter(DatabaseFailures::isTransient).isPresent();
    }

    /// Whether the database was unavailable for every caller; contention between transactions is no
    /// outage.
    public static boolean isOutage(Throwable failure) {
        return isTemporary(failure) && !sqlState(failure).map(CONTENTION::contains).orElse(false);
    }

    /// The SQLSTATE of a failure, if the database or the driver caused it.
    public static Optional<String> sqlState(Throwable failure) {
        return sqlFailure(failure).map(SQLException::getSQLState);
    }

    private static boolean isTransient(SQLException failure) {
        var state = failure.getSQLState();
        if (state == null || state.length() != 5) {
            // An exception of the pool: it has no free connection, or the connection broke and
            // cannot be rolled back. In the latter case Hibernate does not report the original
            // failure.
            return failure instanceof SQLTransientException
                    || BROKEN_CONNECTION.equals(failure.getMessage());
        }
        return TEMPORARY_STATES.contains(state)
                || TEMPORARY_CLASSES.contains(state.substring(0, 2));
    }

    /// The database failure among the causes, temporary ones first. If the rollback of a broken
    /// connection fails too, Spring throws that failure and keeps the original one outside of the
    /// chain of causes.
    private static Optional<SQLException> sqlFailure(Throwable failure) {
        var found = new ArrayList<SQLException>();
        collect(failure, found, MAX_DEPTH);
        return found.stream()
                .filter(DatabaseFailures::isTransient)
                .findFirst()
                .or(() -> found.stream().findFirst());
    }

    private static void collect(
            @Nullable Throwable failure, List<SQLException> found, int deepest) {
        if (failure == null || deepest == 0) {
            return;
        }
        if (failure instanceof SQLException sql) {
            found.add(sql);
            collect(sql.getNextException(), found, deepest - 1);
        }
        if (failure instanceof TransactionSystemException rollback) {
            collect(rollback.getApplicationException(), found, deepest - 1);
        }
        collect(failure.getCause(), found, deepest - 1);
    }
}
