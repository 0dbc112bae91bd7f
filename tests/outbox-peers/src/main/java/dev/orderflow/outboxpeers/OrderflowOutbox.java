package dev.orderflow.outboxpeers;

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
import dev.orderflow.outbox.testkit.KitTarget.KitResult;
import dev.orderflow.outbox.testkit.KitTarget.KitTargetException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The outbox of this project.
final class OrderflowOutbox implements PeerOutbox {

    private static final String TARGET = "peer";

    /// As in the kit's own test.
    private static final RelaySettings SHORT =
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
    public void createTables(DataSource database) {
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/outbox")
                .table("outbox_schema_history")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }

    @Override
    public PeerInstance start(DataSource database, PeerSink sink, PeerTuning tuning) {
        var transactions = new TransactionTemplate(new JdbcTransactionManager(database));
        var relay =
                new OutboxRelay(
                        TARGET,
                        new SinkTarget(sink),
                        JdbcClient.create(database),
                        transactions,
                        ParkedEventListener.none(),
                        tuning == PeerTuning.THROUGHPUT ? RelaySettings.DEFAULTS : SHORT,
                        RelayObserver.none());
        var wakeUp = new RelayWakeUp();
        wakeUp.register(relay);
        var publisher = new JdbcOutboxPublisher(database, TargetRouting.to(TARGET), wakeUp);
        relay.start();
        return new PeerInstance() {
            @Override
            public void store(PeerWork work, PeerEvent event) {
                transactions.executeWithoutResult(
                        _ -> {
                            try {
                                work.run(DataSourceUtils.getConnection(database));
                            } catch (SQLException failed) {
                                throw new IllegalStateException(failed);
                            }
                            publisher.publish(toOutboxEvent(event));
                        });
            }

            @Override
            public void close() {
                try {
                    relay.stop();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }
        };
    }

    @Override
    public PeerStore openStore(DataSource database) {
        var borrowed = new BorrowedConnections(database);
        var publisher =
                new JdbcOutboxPublisher(borrowed, TargetRouting.to(TARGET), new RelayWakeUp());
        var transactions = new TransactionTemplate(borrowed.transactions());
        return (transaction, event) ->
                borrowed.use(
                        transaction,
                        () ->
                                transactions.executeWithoutResult(
                                        _ -> publisher.publish(toOutboxEvent(event))));
    }

    @Override
    public List<String> findParked(DataSource database) {
        return new ParkedEvents(
                        JdbcClient.create(database),
                        new TransactionTemplate(new JdbcTransactionManager(database)),
                        ParkedEventListener.none(),
                        new RelayWakeUp())
                .findOldest(ParkedEvents.MAX_LISTED).stream()
                        .map(ParkedEvents.ParkedEvent::eventId)
                        .toList();
    }

    @Override
    public List<String> tables() {
        return List.of("outbox", "outbox_retry", "outbox_parked", "outbox_shard");
    }

    private static OutboxEvent toOutboxEvent(PeerEvent event) {
        return OutboxEvent.of("Measured", event.key(), EventPayload.json(event.payload()))
                .withId(event.id());
    }

    private record SinkTarget(PeerSink sink) implements OutboxTarget {

        @Override
        public int maxEvents() {
            return PeerSink.MAX_EVENTS;
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
                return new PublishResult.EntryResults(
                        sink
                                .publish(
                                        events.stream()
                                                .map(
                                                        it ->
                                                                new PeerEvent(
                                                                        it.key(),
                                                                        it.id(),
                                                                        new String(
                                                                                it.payload()
                                                                                        .bytes(),
                                                                                StandardCharsets
                                                                                        .UTF_8)))
                                                .toList())
                                .stream()
                                .map(SinkTarget::toEntryResult)
                                .toList());
            } catch (KitTargetException failure) {
                return new PublishResult.TargetUnavailable(String.valueOf(failure.getMessage()));
            }
        }

        private static EntryResult toEntryResult(KitResult result) {
            return switch (result) {
                case ACCEPTED -> new EntryResult.EntryAccepted();
                case REJECTED -> new EntryResult.EntryRejected("rejected");
                case FAILED -> new EntryResult.EntryFailed("failed");
            };
        }
    }
}
