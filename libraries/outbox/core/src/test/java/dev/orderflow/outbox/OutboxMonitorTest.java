package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.localpostgres.fixture.TestDatabase;
import dev.orderflow.outbox.OutboxMonitor.OldestTransaction;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Other tests use the server at the same time, so each session of a test has a name of its own.
class OutboxMonitorTest {

    private final String url = TestDatabase.create().url();
    private final OutboxFixture outbox = new OutboxFixture(url);
    private final AtomicLong seconds = new AtomicLong();
    private final OutboxMonitor monitor =
            new OutboxMonitor(outbox.jdbc, () -> TimeUnit.SECONDS.toNanos(seconds.get()));

    @AfterEach
    void close() throws InterruptedException {
        outbox.close();
    }

    @Test
    void theAgeOfASnapshotOfAnyUserGrowsUntilItsTransactionEnds() throws SQLException {
        try (var reader = open(superuserUrl(), "backup")) {
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            execute(reader, "SELECT count(*) FROM outbox");
            useTransactionId();
            seconds.set(100);
            monitor.findOldestTransaction();
            seconds.set(175);
            useTransactionId();
            assertThat(monitor.findOldestTransaction())
                    .hasValueSatisfying(
                            it -> {
                                assertThat(it.description())
                                        .matches("session \\d+ of user postgres \\(backup\\)");
                                assertThat(it.ageSeconds()).isEqualTo(75);
                            });
            reader.rollback();
            assertNotReported("backup");
        }
    }

    @Test
    void aSessionWithANewSnapshotIsNotOld() throws SQLException {
        try (var reader = open(url, "poller")) {
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            for (int poll = 0; poll < 3; poll++) {
                execute(reader, "SELECT count(*) FROM outbox");
                useTransactionId();
                seconds.addAndGet(100);
                assertThat(monitor.findOldestTransaction())
                        .hasValueSatisfying(it -> assertThat(it.ageSeconds()).isZero());
                reader.rollback();
            }
        }
    }

    @Test
    void aTransactionThatWritesCountsInEveryDatabaseAndIsNamedBeforeThoseThatSeeIt()
            throws SQLException {
        try (var writer = open(TestDatabase.create().url(), "migration");
                var reader = open(url, "reader")) {
            execute(writer, "SELECT pg_current_xact_id()");
            useTransactionId();
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            execute(reader, "SELECT count(*) FROM outbox");
            monitor.findOldestTransaction();
            seconds.set(60);
            assertThat(monitor.findOldestTransaction())
                    .hasValueSatisfying(
                            it -> {
                                assertThat(it.description()).contains("(migration)");
                                assertThat(it.ageSeconds()).isGreaterThanOrEqualTo(60);
                            });
        }
    }

    @Test
    void aReaderOfAnotherDatabaseKeepsNothing() throws SQLException {
        try (var reader = open(TestDatabase.create().url(), "elsewhere")) {
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            execute(reader, "SELECT pg_current_snapshot()");
            useTransactionId();
            assertNotReported("elsewhere");
        }
    }

    /// The superuser in the database of this test.
    private String superuserUrl() {
        var database = url.substring(url.lastIndexOf('/'), url.indexOf('?'));
        return TestDatabase.superuserUrl().replace("/postgres?", database + "?");
    }

    private void assertNotReported(String application) {
        assertThat(monitor.findOldestTransaction().map(OldestTransaction::description).orElse(""))
                .doesNotContain(application);
    }

    /// As any transaction that writes does. A snapshot older than it keeps deleted rows.
    private void useTransactionId() {
        outbox.jdbc.sql("SELECT pg_current_xact_id()::text").query(String.class).single();
    }

    private static Connection open(String url, String application) throws SQLException {
        var connection = DriverManager.getConnection(url + "&ApplicationName=" + application);
        connection.setAutoCommit(false);
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
