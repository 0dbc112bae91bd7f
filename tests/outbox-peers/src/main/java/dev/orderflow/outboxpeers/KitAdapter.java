package dev.orderflow.outboxpeers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.localpostgres.LocalPostgres;
import dev.orderflow.outbox.testkit.KitMessage;
import dev.orderflow.outbox.testkit.KitTarget;
import dev.orderflow.outbox.testkit.OutboxUnderTest;
import dev.orderflow.outboxpeers.PeerOutbox.PeerStore;
import dev.orderflow.outboxpeers.PeerOutbox.PeerTuning;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// One of the outboxes as the test kit uses it.
final class KitAdapter implements OutboxUnderTest {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final PeerOutbox outbox;
    private @Nullable PeerStore store;

    KitAdapter(PeerOutbox outbox) {
        this.outbox = outbox;
    }

    private static final class KitServer {

        /// It stops with this process.
        static final LocalPostgres POSTGRES =
                LocalPostgres.withoutKeepingData(Map.of("max_connections", "300")).start();
    }

    @Override
    public DataSource createDatabase() {
        var name = "kit_" + DATABASES.incrementAndGet();
        try (var connection =
                        DriverManager.getConnection(
                                KitServer.POSTGRES.url("postgres"),
                                LocalPostgres.USER,
                                KitServer.POSTGRES.password());
                var statement = connection.createStatement()) {
            statement.execute(
                    "CREATE ROLE %s LOGIN PASSWORD '%s'"
                            .formatted(name, KitServer.POSTGRES.password()));
            statement.execute("CREATE DATABASE %1$s OWNER %1$s".formatted(name));
            var config = new HikariConfig();
            config.setJdbcUrl(KitServer.POSTGRES.url(name));
            config.setUsername(name);
            config.setPassword(KitServer.POSTGRES.password());
            config.setMaximumPoolSize(60);
            config.setMinimumIdle(2);
            return prepare(new HikariDataSource(config));
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private DataSource prepare(HikariDataSource database) throws SQLException {
        boolean isReady = false;
        try {
            outbox.createTables(database);
            if (store != null) {
                store.close();
            }
            store = outbox.openStore(database);
            isReady = true;
            return database;
        } finally {
            if (!isReady) {
                database.close();
            }
        }
    }

    @Override
    public void store(Connection transaction, String key, String id) throws SQLException {
        if (store == null) {
            throw new IllegalStateException("no database");
        }
        store.store(transaction, new PeerEvent(key, id, "{}"));
    }

    @Override
    public OutboxInstance start(DataSource database, KitTarget target) {
        var instance =
                outbox.start(
                        database,
                        events ->
                                target.publish(
                                        events.stream()
                                                .map(it -> new KitMessage(it.key(), it.id()))
                                                .toList()),
                        PeerTuning.SHORT_DELAYS);
        return instance::close;
    }

    @Override
    public List<String> findParked(DataSource database) throws SQLException {
        return outbox.findParked(database);
    }
}
