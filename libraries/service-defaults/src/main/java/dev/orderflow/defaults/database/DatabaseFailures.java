package dev.orderflow.defaults.database;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionSystemException;

/// Tells failures that pass from failures that are mistakes of ours, by the
/// [SQLSTATE](https://www.postgresql.org/docs/current/errcodes-appendix.html) that Postgres or the
/// driver gives.
public final class DatabaseFailures {

    /// Connection lost or refused, resources used up (a full disk, memory, connections), trouble
    /// of the operating system, transactions that were rolled back for others' sake.
    private static final Set<String> TEMPORARY_CLASSES = Set.of("08", "40", "53", "58");

    /// Read-only because of a failover, an idle transaction that was ended, a lock that was not
    /// had in time, a statement that was cancelled, a server that stops, crashed, or starts, and a
    /// session that was ended.
    private static final Set<String> TEMPORARY_STATES =
            Set.of("25006", "25P03", "25P04", "55P03", "57014", "57P01", "57P02", "57P03", "57P05");

    /// Serialisation, deadlock, another transaction's rollback, a lock that was not had in time.
    private static final Set<String> CONTENTION =
            Set.of("40000", "40001", "40002", "40003", "40P01", "55P03");

    /// What Hikari says of a connection that it closed after a failure.
    private static final String BROKEN_CONNECTION = "Connection is closed";

    /// Deeper than any chain of causes that Spring, Hibernate and Hikari make.
    private static final int DEEPEST = 16;

    private DatabaseFailures() {}

    /// Whether the same request may succeed later, unchanged.
    public static boolean isTemporary(Throwable failure) {
        return sqlFailure(failure).filter(DatabaseFailures::isTransient).isPresent();
    }

    /// Whether the database itself could not serve, whoever had asked: not when transactions were
    /// merely in each other's way.
    public static boolean isOutage(Throwable failure) {
        return isTemporary(failure) && !sqlState(failure).map(CONTENTION::contains).orElse(false);
    }

    /// The SQLSTATE of a failure, when the database or its driver is the cause of it.
    public static Optional<String> sqlState(Throwable failure) {
        return sqlFailure(failure).map(SQLException::getSQLState);
    }

    private static boolean isTransient(SQLException failure) {
        var state = failure.getSQLState();
        if (state == null || state.length() != 5) {
            // The pool's own: it has no connection to give, or gave one that broke meanwhile and is
            // now to be rolled back. Hibernate reports the latter alone, not why it broke.
            return failure instanceof SQLTransientException
                    || BROKEN_CONNECTION.equals(failure.getMessage());
        }
        return TEMPORARY_STATES.contains(state)
                || TEMPORARY_CLASSES.contains(state.substring(0, 2));
    }

    /// The failures of the database behind a failure, the one that passes first. When a broken
    /// connection cannot be rolled back either, Spring throws that, and keeps what happened before
    /// beside the causes.
    private static Optional<SQLException> sqlFailure(Throwable failure) {
        var found = new ArrayList<SQLException>();
        collect(failure, found, DEEPEST);
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
