package dev.orderflow.order.relay;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.defaults.database.DatabaseTimeoutProperties;
import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.order.outbox.Shard;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;

/// A database with an outbox, and as many relays as a test wants.
final class OutboxFixture implements AutoCloseable {

    private final HikariDataSource database;
    private final List<OutboxRelay> started = new ArrayList<>();

    final JdbcClient jdbc;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    /// Parked events, as `order type: reason`.
    final List<String> parked = new CopyOnWriteArrayList<>();

    OutboxFixture() {
        this(PostgresFixture.createDatabase(), DatabaseTimeoutProperties.DEFAULTS);
    }

    OutboxFixture(String url, DatabaseTimeoutProperties timeouts) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        timeouts.applyTo(config);
        config.setMaximumPoolSize(16);
        database = new HikariDataSource(config);
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/order-service")
                .load()
                .migrate();
        jdbc = JdbcClient.create(database);
    }

    /// One relay with its own data source.
    record RelayInstance(
            UUID id,
            OutboxRelay relay,
            InterruptibleDataSource database,
            OutboxRepository repository,
            ShardLeases leases) {}

    /// Default settings: short delays, and a lease that outlasts a test.
    static final class RelaySettings {

        Duration pollInterval = Duration.ofMillis(20);
        int bufferSize = 200;
        Duration leaseDuration = Duration.ofMinutes(5);
        int maxAttempts = 3;
        Duration backoff = Duration.ofMillis(1);
        Duration busCheckInterval = Duration.ofMillis(50);

        private OutboxRelayProperties properties() {
            return new OutboxRelayProperties(
                    true,
                    "orderflow",
                    pollInterval,
                    bufferSize,
                    8,
                    Duration.ofSeconds(5),
                    leaseDuration,
                    maxAttempts,
                    backoff,
                    backoff,
                    pollInterval.multipliedBy(4),
                    busCheckInterval,
                    DataSize.ofKilobytes(200),
                    Duration.ofSeconds(10));
        }
    }

    static OutboxRelayProperties defaultProperties() {
        return properties(_ -> {});
    }

    static OutboxRelayProperties properties(Consumer<RelaySettings> changes) {
        var limits = new RelaySettings();
        changes.accept(limits);
        return limits.properties();
    }

    /// A lease that ends within a test.
    static OutboxRelayProperties shortLease() {
        return properties(it -> it.leaseDuration = Duration.ofMillis(600));
    }

    RelayInstance instance(OutboxTarget bus, OutboxRelayProperties properties) {
        var cable = new InterruptibleDataSource(database);
        var mine = JdbcClient.create(cable);
        var id = UUID.randomUUID();
        var backlog =
                new OutboxRepository(
                        mine,
                        new TransactionTemplate(new JdbcTransactionManager(cable)),
                        (order, type, reason) -> parked.add(order + " " + type + ": " + reason),
                        id);
        var leases = new ShardLeases(mine, id, properties.leaseDuration());
        var relay = new OutboxRelay(backlog, leases, bus, properties, RelayMeters.in(meters));
        return new RelayInstance(id, relay, cable, backlog, leases);
    }

    RelayInstance start(OutboxTarget bus, OutboxRelayProperties properties) {
        var instance = instance(bus, properties);
        started.add(instance.relay());
        instance.relay().start();
        return instance;
    }

    RelayInstance start(OutboxTarget bus) {
        return start(bus, defaultProperties());
    }

    /// Stores an event and returns its id.
    String store(UUID orderId, String type) {
        return store(orderId, type, "{}");
    }

    String store(UUID orderId, String type, String detail) {
        var eventId = orderId + "/" + type;
        jdbc.sql(
                        """
                        INSERT INTO outbox (shard, order_id, event_id, event_type, detail, occurred_at)
                        VALUES (:shard, :order, :id, :type, :detail, now())
                        """)
                .param("shard", Shard.of(orderId).number())
                .param("order", orderId)
                .param("id", eventId)
                .param("type", type)
                .param("detail", detail)
                .update();
        return eventId;
    }

    ParkedEvents parkedEvents() {
        return new ParkedEvents(
                jdbc, new TransactionTemplate(new JdbcTransactionManager(database)), _ -> {});
    }

    int rows(String table) {
        return jdbc.sql("SELECT count(*) FROM " + table).query(Integer.class).single();
    }

    /// How many shards an instance owns by the database's clock.
    int shardsOf(RelayInstance instance) {
        return jdbc.sql(
                        "SELECT count(*) FROM outbox_shard WHERE owner = :id AND expires_at > now()")
                .param("id", instance.id())
                .query(Integer.class)
                .single();
    }

    @Override
    public void close() throws InterruptedException {
        for (var relay : started) {
            relay.stop();
        }
        database.close();
    }
}
