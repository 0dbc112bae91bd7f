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
final class Outboxes implements AutoCloseable {

    private final HikariDataSource database;
    private final List<Relay> started = new ArrayList<>();

    final JdbcClient jdbc;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    /// What the parking lot heard, as `order type: reason`.
    final List<String> parked = new CopyOnWriteArrayList<>();

    Outboxes() {
        this(PostgresFixture.createDatabase(), DatabaseTimeoutProperties.DEFAULTS);
    }

    Outboxes(String url, DatabaseTimeoutProperties timeouts) {
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

    /// One relay with its own way to the database.
    record Instance(UUID id, Relay relay, Cable cable, Backlog backlog, ShardLeases leases) {}

    /// The limits of most tests: quick, and a lease that outlasts them.
    static final class Limits {

        Duration lookEvery = Duration.ofMillis(20);
        int held = 200;
        Duration lease = Duration.ofMinutes(5);
        int attempts = 3;
        Duration backOff = Duration.ofMillis(1);
        Duration lookForBusEvery = Duration.ofMillis(50);

        private RelayProperties properties() {
            return new RelayProperties(
                    true,
                    "orderflow",
                    lookEvery,
                    held,
                    8,
                    Duration.ofSeconds(5),
                    lease,
                    attempts,
                    backOff,
                    backOff,
                    lookEvery.multipliedBy(4),
                    lookForBusEvery,
                    DataSize.ofKilobytes(200),
                    Duration.ofSeconds(10));
        }
    }

    static RelayProperties quick() {
        return with(_ -> {});
    }

    static RelayProperties with(Consumer<Limits> changes) {
        var limits = new Limits();
        changes.accept(limits);
        return limits.properties();
    }

    /// A lease that ends within a test.
    static RelayProperties shortLease() {
        return with(it -> it.lease = Duration.ofMillis(600));
    }

    Instance instance(EventBus bus, RelayProperties properties) {
        var cable = new Cable(database);
        var mine = JdbcClient.create(cable);
        var id = UUID.randomUUID();
        var backlog =
                new Backlog(
                        mine,
                        new TransactionTemplate(new JdbcTransactionManager(cable)),
                        (order, type, reason) -> parked.add(order + " " + type + ": " + reason),
                        id);
        var leases = new ShardLeases(mine, id, properties.lease());
        var relay = new Relay(backlog, leases, bus, properties, RelayCounters.in(meters));
        return new Instance(id, relay, cable, backlog, leases);
    }

    Instance start(EventBus bus, RelayProperties properties) {
        var instance = instance(bus, properties);
        started.add(instance.relay());
        instance.relay().start();
        return instance;
    }

    Instance start(EventBus bus) {
        return start(bus, quick());
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
    int shardsOf(Instance instance) {
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
