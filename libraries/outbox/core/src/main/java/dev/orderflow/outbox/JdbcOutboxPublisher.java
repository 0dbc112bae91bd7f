package dev.orderflow.outbox;

import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Stores events with one insert each. Does not use `NOTIFY`, with which only one transaction could
/// commit at a time; relays of this process are woken after the commit, others poll.
public final class JdbcOutboxPublisher implements OutboxPublisher {

    private final DataSource database;
    private final JdbcClient jdbc;
    private final TargetRouting routing;
    private final RelayWakeUp relays;

    /// @param database the data source of the caller's transactions
    public JdbcOutboxPublisher(DataSource database, TargetRouting routing, RelayWakeUp relays) {
        // Transactions are bound to the data source behind such a proxy.
        this.database =
                database instanceof TransactionAwareDataSourceProxy proxy
                                && proxy.getTargetDataSource() != null
                        ? proxy.getTargetDataSource()
                        : database;
        this.jdbc = JdbcClient.create(database);
        this.routing = routing;
        this.relays = relays;
    }

    @Override
    public void publish(OutboxEvent event) {
        // Without the second check an insert during a transaction of another data source would
        // commit by itself.
        if (!TransactionSynchronizationManager.isActualTransactionActive()
                || !TransactionSynchronizationManager.hasResource(database)) {
            throw new MissingTransactionException(event);
        }
        var target = routing.targetOf(event.type());
        if (event.deliverAt() == null) {
            insert("INSERT INTO outbox", "", "", event, target).update();
            wakeUpAfterCommit(target, event.key());
        } else {
            insert("INSERT INTO outbox_scheduled", ", deliver_at", ", :deliverAt", event, target)
                    .param("deliverAt", event.deliverAt().atOffset(ZoneOffset.UTC))
                    .update();
        }
    }

    private JdbcClient.StatementSpec insert(
            String into, String moreColumns, String moreValues, OutboxEvent event, String target) {
        return jdbc.sql(
                        """
                        %s (target, shard, event_key, event_id, event_type, payload, content_type,
                            headers, occurred_at%s)
                        VALUES (:target, :shard, :key, :id, :type, :payload, :contentType,
                            :headers, :occurredAt%s)
                        """
                                .formatted(into, moreColumns, moreValues))
                .param("target", target)
                .param("shard", Shard.of(event.key()).number())
                .param("key", event.key())
                .param("id", event.id())
                .param("type", event.type())
                .param("payload", event.payload().bytes())
                .param("contentType", event.payload().contentType())
                .param("headers", OutboxRows.headers(event))
                .param("occurredAt", event.occurredAt().atOffset(ZoneOffset.UTC));
    }

    private void wakeUpAfterCommit(String target, String key) {
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        relays.wakeUp(target, key);
                    }
                });
    }
}
