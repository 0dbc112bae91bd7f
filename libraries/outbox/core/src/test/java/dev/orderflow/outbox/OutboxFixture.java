package dev.orderflow.outbox;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.localpostgres.fixture.PagesRead;
import dev.orderflow.localpostgres.fixture.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// A database with an outbox, and any number of relays.
public final class OutboxFixture implements AutoCloseable {

    static final String TARGET = "events";

    private final HikariDataSource database;
    private final List<OutboxRelay> started = new ArrayList<>();

    public final JdbcClient jdbc;

    /// How often an event was parked.
    final AtomicInteger parkedCount = new AtomicInteger();

    /// What the observer does after each call.
    volatile Runnable afterObserved = () -> {};

    /// Ids of events that were not accepted, with the reason.
    final Set<String> notPublished = ConcurrentHashMap.newKeySet();

    /// Parked events, as `key type: reason`.
    final List<String> parked = new CopyOnWriteArrayList<>();

    /// What the listener does first when an event is parked.
    volatile Consumer<OutboxEvent> onParked = _ -> {};

    /// Keys of which parked events were released.
    final List<String> released = new CopyOnWriteArrayList<>();

    public OutboxFixture() {
        this(TestDatabase.create().url());
    }

    /// @param url the JDBC URL of a database
    public OutboxFixture(String url) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setValidationTimeout(250);
        config.setMaximumPoolSize(16);
        database = new HikariDataSource(config);
        Flyway.configure().dataSource(database).locations("classpath:db/outbox").load().migrate();
        jdbc = JdbcClient.create(database);
    }

    /// One relay with its own data source.
    public record RelayInstance(
            UUID id,
            OutboxRelay relay,
            InterruptibleDataSource database,
            OutboxRepository repository,
            ShardLeases leases) {}

    /// Default settings: short delays, and a lease that outlasts a test.
    public static final class TestSettings {

        Duration pollInterval = Duration.ofMillis(20);
        Duration batchDelay = RelaySettings.DEFAULTS.batchDelay();
        int bufferSize = 200;
        Duration leaseDuration = Duration.ofMinutes(5);
        public int maxAttempts = 3;
        Duration backoff = Duration.ofMillis(1);
        Duration fullScanInterval = Duration.ofSeconds(1);
        Duration targetCheckInterval = Duration.ofMillis(50);

        private RelaySettings toSettings() {
            return new RelaySettings(
                    pollInterval,
                    batchDelay,
                    bufferSize,
                    8,
                    leaseDuration,
                    maxAttempts,
                    backoff,
                    backoff,
                    pollInterval.multipliedBy(4),
                    targetCheckInterval,
                    fullScanInterval,
                    Duration.ofSeconds(10));
        }
    }

    public static RelaySettings defaultSettings() {
        return settings(_ -> {});
    }

    public static RelaySettings settings(Consumer<TestSettings> changes) {
        var limits = new TestSettings();
        changes.accept(limits);
        return limits.toSettings();
    }

    /// A lease that ends within a test.
    public static RelaySettings shortLease() {
        return settings(it -> it.leaseDuration = Duration.ofMillis(600));
    }

    RelayInstance instance(OutboxTarget target, RelaySettings settings) {
        return instance(database, target, settings);
    }

    RelayInstance instance(DataSource ofRelay, OutboxTarget target, RelaySettings settings) {
        var source = new InterruptibleDataSource(ofRelay);
        var mine = JdbcClient.create(source);
        var transactions = new TransactionTemplate(new JdbcTransactionManager(source));
        var id = UUID.randomUUID();
        var listener = listener();
        var repository = new OutboxRepository(mine, transactions, listener, TARGET, id);
        var leases = new ShardLeases(mine, transactions, TARGET, id, settings.leaseDuration());
        leases.createShards();
        var relay =
                new OutboxRelay(
                        TARGET, target, mine, transactions, listener, settings, observer(), id);
        return new RelayInstance(id, relay, source, repository, leases);
    }

    private ParkedEventListener listener() {
        return new ParkedEventListener() {
            @Override
            public void onParked(OutboxEvent event, String reason) {
                onParked.accept(event);
                parked.add(event.key() + " " + event.type() + ": " + reason);
            }

            @Override
            public void onReleased(Set<String> keys) {
                released.addAll(keys);
            }
        };
    }

    OutboxEventQueries queries() {
        return new OutboxEventQueries(jdbc);
    }

    private RelayObserver observer() {
        return new RelayObserver() {
            @Override
            public void onParked() {
                parkedCount.incrementAndGet();
                afterObserved.run();
            }

            @Override
            public void onPublished(int events) {
                afterObserved.run();
            }

            @Override
            public void onNotPublished(List<OutboxEvent> events, String reason) {
                events.forEach(event -> notPublished.add(event.id() + ": " + reason));
                afterObserved.run();
            }
        };
    }

    public RelayInstance start(OutboxTarget target, RelaySettings settings) {
        return start(database, target, settings);
    }

    RelayInstance start(DataSource ofRelay, OutboxTarget target, RelaySettings settings) {
        var instance = instance(ofRelay, target, settings);
        started.add(instance.relay());
        instance.relay().start();
        return instance;
    }

    public RelayInstance start(OutboxTarget target) {
        return start(target, defaultSettings());
    }

    /// Stores an event in a transaction of its own.
    void publish(OutboxEvent event) {
        publish(TARGET, event);
    }

    void publish(String target, OutboxEvent event) {
        var publisher = new JdbcOutboxPublisher(database, TargetRouting.to(target), wakeUp);
        transactions().executeWithoutResult(_ -> publisher.publish(event));
    }

    /// A relay of another target.
    void start(String name, OutboxTarget target) {
        var relay =
                new OutboxRelay(
                        name,
                        target,
                        jdbc,
                        transactions(),
                        listener(),
                        defaultSettings(),
                        observer());
        started.add(relay);
        relay.start();
    }

    /// Opens a transaction that has read, so that vacuum cannot remove rows that are deleted later.
    Connection openSnapshot() throws SQLException {
        var connection = database.getConnection();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("SELECT count(*) FROM outbox");
        }
        return connection;
    }

    /// A transaction.
    Connection openTransaction() throws SQLException {
        var connection = database.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    /// Stores an event in an open transaction.
    void store(Connection transaction, UUID key, String type) {
        store(
                JdbcClient.create(new SingleConnectionDataSource(transaction, true)),
                key,
                type,
                "{}");
    }

    /// Stores an event and returns its id.
    public String store(UUID orderId, String type) {
        return store(orderId, type, "{}");
    }

    public String store(UUID orderId, String type, String detail) {
        return store(jdbc, orderId, type, detail);
    }

    private static String store(JdbcClient jdbc, UUID orderId, String type, String detail) {
        var eventId = orderId + "/" + type;
        jdbc.sql(
                        """
                        INSERT INTO outbox (target, shard, event_key, event_id, event_type, payload,
                                            content_type, occurred_at)
                        VALUES (:target, :shard, :key, :id, :type, :payload, 'application/json', now())
                        """)
                .param("target", TARGET)
                .param("shard", Shard.of(orderId.toString()).number())
                .param("key", orderId.toString())
                .param("id", eventId)
                .param("type", type)
                .param("payload", detail.getBytes(StandardCharsets.UTF_8))
                .update();
        return eventId;
    }

    /// Wakes no relay unless a test registers one.
    final RelayWakeUp wakeUp = new RelayWakeUp();

    TransactionTemplate transactions() {
        return new TransactionTemplate(new JdbcTransactionManager(database));
    }

    DataSource dataSource() {
        return database;
    }

    OutboxPublisher publisher() {
        return new JdbcOutboxPublisher(database, TargetRouting.to(TARGET), wakeUp);
    }

    ParkedEvents parkedEvents() {
        return new ParkedEvents(jdbc, transactions(), listener(), wakeUp);
    }

    public int rows(String table) {
        return jdbc.sql("SELECT count(*) FROM " + table).query(Integer.class).single();
    }

    /// The pages of a table.
    int pages(String table) {
        return jdbc.sql(
                        "SELECT pg_relation_size(:table::regclass) / current_setting('block_size')::int")
                .param("table", table)
                .query(Integer.class)
                .single();
    }

    /// How many pages of tables and their indexes an instance with a single connection, and others,
    /// have read so far.
    static int buffers(RelayInstance instance, String... tables) {
        return PagesRead.count(instance.database(), List.of(tables));
    }

    /// The reasons of the parked events, oldest event first.
    List<String> parkedReasons() {
        return jdbc.sql("SELECT reason FROM outbox_parked ORDER BY id").query(String.class).list();
    }

    /// Why events are blocked.
    List<String> blockedReasons() {
        return jdbc.sql("SELECT reason FROM outbox_retry WHERE is_blocked ORDER BY outbox_id")
                .query(String.class)
                .list();
    }

    /// The number of events that the target blocks.
    int blockedEvents() {
        return jdbc.sql("SELECT count(*) FROM outbox_retry WHERE is_blocked")
                .query(Integer.class)
                .single();
    }

    /// How many shards an instance owns by the database's clock.
    int shardsOf(RelayInstance instance) {
        return jdbc.sql(
                        "SELECT count(*) FROM outbox_shard WHERE lease_owner = :id AND lease_expires_at > now()")
                .param("id", instance.id())
                .query(Integer.class)
                .single();
    }

    /// Ends the leases of an instance as if their duration had passed.
    void endLeases(RelayInstance instance) {
        jdbc.sql("UPDATE outbox_shard SET lease_expires_at = now() WHERE lease_owner = :id")
                .param("id", instance.id())
                .update();
        jdbc.sql("UPDATE outbox_relay SET expires_at = now() WHERE id = :id")
                .param("id", instance.id())
                .update();
    }

    @Override
    public void close() throws InterruptedException {
        for (var relay : started) {
            relay.stop();
        }
        database.close();
    }
}
