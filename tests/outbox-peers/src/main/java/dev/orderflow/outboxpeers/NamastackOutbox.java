package dev.orderflow.outboxpeers;

import io.namastack.outbox.Outbox;
import io.namastack.outbox.OutboxJacksonAutoConfiguration;
import io.namastack.outbox.config.JdbcOutboxAutoConfiguration;
import io.namastack.outbox.config.OutboxCoreInfrastructureAutoConfiguration;
import io.namastack.outbox.config.OutboxCoreProcessingAutoConfiguration;
import io.namastack.outbox.config.OutboxCoreSchedulingAutoConfiguration;
import io.namastack.outbox.config.OutboxCoreThreadingAutoConfiguration;
import io.namastack.outbox.handler.OutboxRecordMetadata;
import io.namastack.outbox.handler.OutboxTypedHandler;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/// [namastack-outbox](https://github.com/namastack/namastack-outbox): partitions of keys with one
/// owner each; polls, and calls a handler for each event.
final class NamastackOutbox implements PeerOutbox {

    /// A failure of the target is retried without end, a rejected event is not retried.
    private static final Map<String, String> COMMON =
            Map.of(
                    "namastack.outbox.processing.delete-completed-records", "true",
                    "namastack.outbox.processing.executor-core-pool-size", "32",
                    "namastack.outbox.processing.executor-max-pool-size", "32",
                    "namastack.outbox.retry.policy", "fixed",
                    "namastack.outbox.retry.max-retries", "1000000000",
                    "namastack.outbox.retry.exclude-exceptions",
                            PeerSink.RejectedEventException.class.getName(),
                    "logging.level.io.namastack", "error");

    private static final Map<PeerTuning, Map<String, String>> TUNING =
            Map.of(
                    PeerTuning.THROUGHPUT,
                    Map.of(
                            "namastack.outbox.polling.batch-size", "1000",
                            "namastack.outbox.polling.fixed.interval", "10ms",
                            "namastack.outbox.retry.fixed.delay", "1s",
                            "namastack.outbox.instance.rebalance-interval", "500ms"),
                    PeerTuning.SHORT_DELAYS,
                    Map.of(
                            "namastack.outbox.polling.batch-size", "200",
                            "namastack.outbox.polling.fixed.interval", "20ms",
                            "namastack.outbox.retry.fixed.delay", "20ms",
                            "namastack.outbox.instance.heartbeat-interval", "200ms",
                            "namastack.outbox.instance.stale-instance-timeout", "2s",
                            "namastack.outbox.instance.rebalance-interval", "200ms"));

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        JacksonAutoConfiguration.class,
        TaskExecutionAutoConfiguration.class,
        TaskSchedulingAutoConfiguration.class,
        TransactionAutoConfiguration.class,
        OutboxJacksonAutoConfiguration.class,
        JdbcOutboxAutoConfiguration.class,
        OutboxCoreInfrastructureAutoConfiguration.class,
        OutboxCoreThreadingAutoConfiguration.class,
        OutboxCoreProcessingAutoConfiguration.class,
        OutboxCoreSchedulingAutoConfiguration.class
    })
    static class NamastackApplication {

        @Bean
        SinkHandler handler(PeerSink sink) {
            return new SinkHandler(sink);
        }
    }

    static final class SinkHandler implements OutboxTypedHandler<PeerEvent> {

        private final PeerSink sink;

        SinkHandler(PeerSink sink) {
            this.sink = sink;
        }

        @Override
        public void handle(PeerEvent event, OutboxRecordMetadata metadata) {
            sink.publishOne(event);
        }
    }

    @Override
    public void createTables(DataSource database) {
        new ResourceDatabasePopulator(new ClassPathResource("schema/postgres/outbox-tables.sql"))
                .execute(database);
    }

    @Override
    public PeerInstance start(DataSource database, PeerSink sink, PeerTuning tuning) {
        var application =
                start(
                        database,
                        new JdbcTransactionManager(database),
                        sink,
                        TUNING.getOrDefault(tuning, Map.of()),
                        true);
        var outbox = application.bean(Outbox.class);
        return new PeerInstance() {
            @Override
            public void store(PeerWork work, PeerEvent event) {
                application.inTransaction(work, _ -> outbox.schedule(event, event.key()));
            }

            @Override
            public void close() {
                application.close();
            }
        };
    }

    @Override
    public PeerStore openStore(DataSource database) {
        var borrowed = new BorrowedConnections(database);
        var application = start(borrowed, borrowed.transactions(), _ -> List.of(), Map.of(), false);
        var outbox = application.bean(Outbox.class);
        return new PeerStore() {
            @Override
            public void store(java.sql.Connection transaction, PeerEvent event)
                    throws SQLException {
                borrowed.use(transaction, () -> outbox.schedule(event, event.key()));
            }

            @Override
            public void close() {
                application.close();
            }
        };
    }

    private static SpringPeer start(
            DataSource database,
            JdbcTransactionManager transactions,
            PeerSink sink,
            Map<String, String> tuning,
            boolean runs) {
        var properties = new LinkedHashMap<>(COMMON);
        properties.putAll(tuning);
        return SpringPeer.start(
                NamastackApplication.class, database, transactions, sink, properties, runs);
    }

    @Override
    public List<String> findParked(DataSource database) {
        return JdbcClient.create(database)
                .sql(
                        "SELECT payload FROM outbox_record WHERE status = 'FAILED' ORDER BY created_at")
                .query(String.class)
                .list()
                .stream()
                .map(payload -> JsonMapper.shared().readTree(payload).path("id").asString())
                .toList();
    }

    @Override
    public List<String> tables() {
        return List.of("outbox_record", "outbox_instance", "outbox_partition");
    }
}
