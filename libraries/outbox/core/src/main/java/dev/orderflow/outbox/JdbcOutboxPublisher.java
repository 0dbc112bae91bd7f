package dev.orderflow.outbox;

import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Stores events with one insert each. Does not use `NOTIFY`, with which only one transaction could
/// commit at a time; relays of this process are woken after the commit, others poll.
public final class JdbcOutboxPublisher implements OutboxPublisher {

    private static final String ONE_ROW = "(VALUES (1)) AS one_row";

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
        var insert = prepare(event);
        jdbc.sql(insert.sql(ONE_ROW)).params(insert.parameters()).update();
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        insert.wakeRelay();
                    }
                });
    }

    @Override
    public OutboxInsert prepare(OutboxEvent event) {
        return new OutboxInsert(event, routing.targetOf(event.type()), relays);
    }
}
