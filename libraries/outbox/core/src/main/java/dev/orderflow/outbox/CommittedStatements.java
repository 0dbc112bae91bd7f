package dev.orderflow.outbox;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Commits what a relay writes. Connections that commit each statement by themselves need no
/// transaction, which would cost a round trip. Those of a pool with `auto-commit=false` do: outside
/// a transaction the pool rolls their statements back without an error. Belongs to the thread of
/// its relay.
final class CommittedStatements {

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private @Nullable Boolean isAutoCommit;

    CommittedStatements(JdbcClient jdbc, TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /// Runs a statement, or several, and commits them.
    <T> T run(Supplier<T> statements) {
        return isAutoCommit()
                ? statements.get()
                : Objects.requireNonNull(transactions.execute(_ -> statements.get()));
    }

    private boolean isAutoCommit() {
        var known = isAutoCommit;
        if (known == null) {
            known =
                    jdbc.sql("SELECT 1")
                            .query((row, _) -> row.getStatement().getConnection().getAutoCommit())
                            .single();
            isAutoCommit = known;
        }
        return known;
    }
}
