package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.localpostgres.fixture.PagesRead;
import dev.orderflow.localpostgres.fixture.TestDatabase;
import dev.orderflow.outbox.OutboxMonitor.OldestTransaction;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// Other tests use the server at the same time, so each session of a test has a name of its own.
class OutboxMonitorTest {

    private static final int EXACT_COUNT = 100;

    private final String url = TestDatabase.create().url();
    private final OutboxFixture outbox = new OutboxFixture(url);
    private final AtomicLong seconds = new AtomicLong();
    private final OutboxMonitor monitor =
            new OutboxMonitor(
                    outbox.jdbc, () -> TimeUnit.SECONDS.toNanos(seconds.get()), EXACT_COUNT);

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

    @Test
    void fewEventsAreCountedWhateverTheStatisticsSay() throws SQLException {
        insert(5_000);
        outbox.jdbc.sql("ANALYZE outbox").update();
        resetStatistics();
        outbox.jdbc.sql("DELETE FROM outbox WHERE id > :id").param("id", EXACT_COUNT).update();
        assertThat(monitor.measure().depth()).isEqualTo(EXACT_COUNT);
        outbox.jdbc.sql("DELETE FROM outbox WHERE id > 7").update();
        assertThat(monitor.measure().depth()).isEqualTo(7);
    }

    @Test
    void ofManyEventsTheNumberIsEstimatedWithoutReadingThem() throws SQLException {
        insert(5_000);
        var connection = open(url, "monitor");
        connection.setAutoCommit(true);
        var single = new SingleConnectionDataSource(connection, true);
        var limited = new OutboxMonitor(JdbcClient.create(single), () -> 0, EXACT_COUNT);
        int before = PagesRead.count(single, List.of("outbox"));
        assertThat(limited.measure().depth()).isBetween(4_500L, 5_500L);
        assertThat(PagesRead.count(single, List.of("outbox")) - before).isBetween(1, 100);
        single.destroy();
    }

    /// The statistics are empty after a crash of the server, until the table is analyzed again.
    @Test
    void manyEventsAreEstimatedAfterACrashToo() throws SQLException {
        insert(5_000);
        resetStatistics();
        assertThat(monitor.measure().depth())
                .as("not analyzed yet: no fewer than were counted")
                .isEqualTo(EXACT_COUNT + 1);
        outbox.jdbc.sql("ANALYZE outbox").update();
        resetStatistics();
        assertThat(monitor.measure().depth()).isBetween(4_500L, 5_500L);
    }

    /// Stores events, which the statistics know when it returns, and which nothing analyzes.
    private void insert(int events) throws SQLException {
        outbox.jdbc.sql("ALTER TABLE outbox SET (autovacuum_enabled = false)").update();
        try (var producer = open(url, "producer")) {
            producer.setAutoCommit(true);
            execute(
                    producer,
                    """
                    INSERT INTO outbox (target, shard, event_key, event_id, event_type, payload,
                                        content_type, occurred_at)
                    SELECT 'events', mod(i, 16), i::text, i::text, 'OrderCreated',
                           convert_to(repeat('x', 300), 'UTF8'), 'text/plain', now()
                    FROM generate_series(1, %d) AS i
                    """
                            .formatted(events));
            execute(producer, "SELECT pg_stat_force_next_flush()");
            execute(producer, "SELECT 1");
        }
    }

    private void resetStatistics() throws SQLException {
        try (var superuser = open(superuserUrl(), "crash")) {
            superuser.setAutoCommit(true);
            execute(superuser, "SELECT pg_stat_reset_single_table_counters('outbox'::regclass)");
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
