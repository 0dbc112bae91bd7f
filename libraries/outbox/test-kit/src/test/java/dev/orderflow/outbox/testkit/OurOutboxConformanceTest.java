package dev.orderflow.outbox.testkit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.localpostgres.fixture.TestDatabase;
import dev.orderflow.outbox.EventPayload;
import dev.orderflow.outbox.JdbcOutboxPublisher;
import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.OutboxRelay;
import dev.orderflow.outbox.OutboxTarget;
import dev.orderflow.outbox.ParkedEventListener;
import dev.orderflow.outbox.ParkedEvents;
import dev.orderflow.outbox.RelayObserver;
import dev.orderflow.outbox.RelaySettings;
import dev.orderflow.outbox.RelayWakeUp;
import dev.orderflow.outbox.TargetRouting;
import dev.orderflow.outbox.testkit.KitTarget.KitTargetException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The outbox of this project passes its own suite.
class OurOutboxConformanceTest extends OutboxConformanceTest {

    OurOutboxConformanceTest() {
        super(new OurOutbox());
    }

    static class OurOutbox implements OutboxUnderTest {

        static final String TARGET = "kit";

        private static final RelaySettings SETTINGS =
                new RelaySettings(
                        Duration.ofMillis(20),
                        Duration.ofMillis(8),
                        200,
                        8,
                        Duration.ofSeconds(2),
                        3,
                        Duration.ofMillis(5),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2));

        @Override
        public DataSource createDatabase() {
            var config = new HikariConfig();
            config.setJdbcUrl(TestDatabase.create().url());
            config.setMaximumPoolSize(24);
            var database = new HikariDataSource(config);
            Flyway.configure()
                    .dataSource(database)
                    .locations("classpath:db/outbox")
                    .load()
                    .migrate();
            return database;
        }

        @Override
        public void store(Connection transaction, String key, String id) {
            var database = new SingleConnectionDataSource(transaction, true);
            // Takes part in the connection's transaction, which the suite commits.
            new TransactionTemplate(new JoiningTransactionManager(database))
                    .executeWithoutResult(
                            _ ->
                                    new JdbcOutboxPublisher(
                                                    database,
                                                    TargetRouting.to(TARGET),
                                                    new RelayWakeUp())
                                            .publish(
                                                    OutboxEvent.of(
                                                                    "Tested",
                                                                    key,
                                                                    EventPayload.json("{}"))
                                                            .withId(id)));
        }

        @Override
        public OutboxInstance start(DataSource database, KitTarget target) {
            var relay =
                    new OutboxRelay(
                            TARGET,
                            new TargetAdapter(target),
                            JdbcClient.create(database),
                            new TransactionTemplate(new JdbcTransactionManager(database)),
                            ParkedEventListener.none(),
                            SETTINGS,
                            RelayObserver.none());
            relay.start();
            return () -> {
                try {
                    relay.stop();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            };
        }

        @Override
        public List<String> findParked(DataSource database) throws SQLException {
            return new ParkedEvents(
                            JdbcClient.create(database),
                            new TransactionTemplate(new JdbcTransactionManager(database)),
                            ParkedEventListener.none(),
                            new RelayWakeUp())
                    .findOldest(200).stream().map(ParkedEvents.ParkedEvent::eventId).toList();
        }
    }

    /// Leaves commit and rollback to the owner of the connection.
    private static final class JoiningTransactionManager extends JdbcTransactionManager {

        private static final long serialVersionUID = 1L;

        JoiningTransactionManager(DataSource database) {
            super(database);
        }

        @Override
        protected void doCommit(
                org.springframework.transaction.support.DefaultTransactionStatus status) {}

        @Override
        protected void doRollback(
                org.springframework.transaction.support.DefaultTransactionStatus status) {}
    }

    private record TargetAdapter(KitTarget target) implements OutboxTarget {

        @Override
        public int maxEvents() {
            return 10;
        }

        @Override
        public int maxBytes() {
            return 1_000_000;
        }

        @Override
        public int bytes(OutboxEvent event) {
            return event.payload().size();
        }

        @Override
        public TargetState findState() {
            return new TargetState.TargetExists();
        }

        @Override
        public PublishResult publish(List<OutboxEvent> events) {
            try {
                var results =
                        target.publish(
                                events.stream()
                                        .map(it -> new KitMessage(it.key(), it.id()))
                                        .toList());
                return new PublishResult.EntryResults(
                        results.stream().map(TargetAdapter::toEntryResult).toList());
            } catch (KitTargetException failure) {
                return new PublishResult.TargetUnavailable(String.valueOf(failure.getMessage()));
            }
        }

        private static EntryResult toEntryResult(KitTarget.KitResult result) {
            return switch (result) {
                case ACCEPTED -> new EntryResult.EntryAccepted();
                case REJECTED -> new EntryResult.EntryRejected("rejected");
                case FAILED -> new EntryResult.EntryFailed("failed");
            };
        }
    }
}
