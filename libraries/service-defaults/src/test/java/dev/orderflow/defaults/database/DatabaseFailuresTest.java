package dev.orderflow.defaults.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionSystemException;

class DatabaseFailuresTest {

    @Test
    void theCauseIsFoundHoweverItIsWrapped() {
        var full = new SQLException("no space left", "53100");
        assertThat(DatabaseFailures.isTemporary(full)).isTrue();
        assertThat(
                        DatabaseFailures.isTemporary(
                                new IllegalStateException(new RuntimeException(full))))
                .isTrue();
        assertThat(DatabaseFailures.sqlState(new IllegalStateException(full))).contains("53100");
    }

    @Test
    void theFailedStatementOfABatchDecides() {
        var batch = new BatchUpdateException("a batch failed", "00000", new int[0]);
        batch.setNextException(new SQLException("read-only", "25006"));
        assertThat(DatabaseFailures.isTemporary(batch)).isTrue();
    }

    @Test
    void aPoolWithoutConnectionsIsTemporary() {
        assertThat(DatabaseFailures.isTemporary(new SQLTransientConnectionException("none left")))
                .isTrue();
    }

    @Test
    void aFailedRollbackDoesNotHideTheFirstFailure() {
        var rollback =
                new TransactionSystemException(
                        "could not roll back", new SQLException("Connection is closed"));
        rollback.initApplicationException(
                new IllegalStateException(new SQLException("terminated", "57P01")));
        assertThat(DatabaseFailures.isTemporary(rollback)).isTrue();
    }

    @Test
    void aConnectionThatThePoolClosedIsTemporary() {
        assertThat(DatabaseFailures.isTemporary(new SQLException("Connection is closed"))).isTrue();
    }

    @Test
    void aProgrammingErrorIsNotTemporary() {
        assertThat(DatabaseFailures.isTemporary(new SQLException("no table", "42P01"))).isFalse();
        assertThat(DatabaseFailures.isTemporary(new SQLException("no state"))).isFalse();
        assertThat(DatabaseFailures.isTemporary(new IllegalStateException("ours"))).isFalse();
    }

    @Test
    void aCycleOfCausesEnds() {
        var first = new IllegalStateException("first");
        first.initCause(new IllegalStateException("second", first));
        assertThat(DatabaseFailures.isTemporary(first)).isFalse();
    }
}
