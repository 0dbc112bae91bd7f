package dev.orderflow.outboxpeers;

import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.outbox.testkit.KitTarget.KitResult;
import dev.orderflow.outbox.testkit.KitTarget.KitTargetException;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.apache.kafka.connect.source.SourceRecord;
import org.springframework.jdbc.core.simple.JdbcClient;

/// [Debezium](https://debezium.io/documentation/reference/stable/development/engine.html) in this
/// process with its outbox event router: events are inserted and deleted in the same transaction,
/// and read from the write-ahead log through a replication slot, which has one consumer.
///
/// What it reads together is published in calls of up to ten events at the same time, in the
/// sequence of each key.
final class DebeziumOutbox implements PeerOutbox {

    private static final String SLOT = "outbox_peer";

    @Override
    public void createTables(DataSource database) {
        JdbcClient.create(database)
                .sql(
                        """
                        CREATE TABLE outbox (
                            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
                            aggregatetype text NOT NULL,
                            aggregateid text NOT NULL,
                            type text NOT NULL,
                            event_id text NOT NULL,
                            payload text NOT NULL)
                        """)
                .update();
        JdbcClient.create(database)
                .sql("SELECT pg_create_logical_replication_slot(:slot, 'pgoutput')::text")
                .param("slot", slot(database))
                .query(String.class)
                .single();
        JdbcClient.create(database)
                .sql("CREATE PUBLICATION outbox_peer FOR TABLE outbox WITH (publish = 'insert')")
                .update();
    }

    /// Slots belong to the server.
    private static String slot(DataSource database) {
        return SLOT
                + "_"
                + JdbcClient.create(database)
                        .sql("SELECT current_database()")
                        .query(String.class)
                        .single();
    }

    @Override
    public PeerInstance start(DataSource database, PeerSink sink, PeerTuning tuning) {
        var calls = Executors.newFixedThreadPool(PeerSink.MAX_CALLS);
        var isRunning = new CountDownLatch(1);
        var engine =
                DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                        .using(properties(database))
                        .using(
                                new DebeziumEngine.ConnectorCallback() {
                                    @Override
                                    public void taskStarted() {
                                        isRunning.countDown();
                                    }
                                })
                        .notifying(
                                (List<RecordChangeEvent<SourceRecord>> records,
                                        RecordCommitter<RecordChangeEvent<SourceRecord>>
                                                committer) -> {
                                    publish(records, sink, calls);
                                    for (var record : records) {
                                        committer.markProcessed(record);
                                    }
                                    committer.markBatchFinished();
                                })
                        .build();
        var thread = Thread.ofPlatform().name("debezium").daemon().start(engine);
        try {
            isRunning.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return new PeerInstance() {
            @Override
            public void store(PeerWork work, PeerEvent event) throws SQLException {
                try (var transaction = database.getConnection()) {
                    transaction.setAutoCommit(false);
                    try {
                        work.run(transaction);
                        insertAndDelete(transaction, event);
                        transaction.commit();
                    } finally {
                        transaction.rollback();
                        transaction.setAutoCommit(true);
                    }
                }
            }

            @Override
            public void close() {
                try {
                    engine.close();
                    thread.join();
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                } finally {
                    calls.shutdownNow();
                }
            }
        };
    }

    private static Properties properties(DataSource database) {
        var pool = (HikariDataSource) database;
        var url = URI.create(pool.getJdbcUrl().substring("jdbc:".length()));
        var properties = new Properties();
        properties.put("name", "peer");
        properties.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        properties.put("topic.prefix", "peer");
        properties.put("database.hostname", url.getHost());
        properties.put("database.port", Integer.toString(url.getPort()));
        properties.put("database.dbname", url.getPath().substring(1));
        properties.put("database.user", pool.getUsername());
        properties.put("database.password", pool.getPassword());
        properties.put("plugin.name", "pgoutput");
        properties.put("slot.name", slot(database));
        properties.put("publication.name", "outbox_peer");
        properties.put("publication.autocreate.mode", "disabled");
        properties.put("table.include.list", "public.outbox");
        properties.put("snapshot.mode", "no_data");
        properties.put("tombstones.on.delete", "false");
        properties.put(
                "offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
        properties.put("offset.flush.interval.ms", "1000");
        properties.put("poll.interval.ms", "1");
        properties.put("max.batch.size", "2048");
        properties.put("max.queue.size", "8192");
        properties.put("transforms", "outbox");
        properties.put("transforms.outbox.type", "io.debezium.transforms.outbox.EventRouter");
        properties.put("transforms.outbox.table.field.event.id", "id");
        properties.put("transforms.outbox.table.fields.additional.placement", "event_id:header");
        return properties;
    }

    private static void publish(
            List<RecordChangeEvent<SourceRecord>> records, PeerSink sink, ExecutorService calls)
            throws InterruptedException {
        var byKey = new LinkedHashMap<String, Queue<PeerEvent>>();
        for (var each : records) {
            var record = each.record();
            var id = record.headers().lastWithName("event_id");
            if (id != null) {
                var event =
                        new PeerEvent(
                                String.valueOf(record.key()),
                                String.valueOf(id.value()),
                                String.valueOf(record.value()));
                byKey.computeIfAbsent(event.key(), _ -> new ArrayDeque<>()).add(event);
            }
        }
        while (!byKey.isEmpty()) {
            var heads = new ArrayList<PeerEvent>();
            byKey.values().forEach(queue -> heads.add(queue.remove()));
            byKey.values().removeIf(Queue::isEmpty);
            var running = new ArrayList<Future<?>>();
            for (int from = 0; from < heads.size(); from += PeerSink.MAX_EVENTS) {
                var call = heads.subList(from, Math.min(from + PeerSink.MAX_EVENTS, heads.size()));
                running.add(calls.submit(() -> publishUntilAccepted(call, sink)));
            }
            for (var each : running) {
                try {
                    each.get();
                } catch (java.util.concurrent.ExecutionException failed) {
                    throw new IllegalStateException(failed);
                }
            }
        }
    }

    private static void publishUntilAccepted(List<PeerEvent> call, PeerSink sink) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (sink.publish(call).stream().allMatch(KitResult.ACCEPTED::equals)) {
                    return;
                }
            } catch (KitTargetException _) {
                // Sent again.
            }
        }
    }

    private static void insertAndDelete(Connection transaction, PeerEvent event)
            throws SQLException {
        try (var insert =
                        transaction.prepareStatement(
                                """
                                INSERT INTO outbox (id, aggregatetype, aggregateid, type, event_id, payload)
                                VALUES (gen_random_uuid(), 'measured', ?, 'Measured', ?, ?) RETURNING id
                                """);
                var delete = transaction.prepareStatement("DELETE FROM outbox WHERE id = ?")) {
            insert.setString(1, event.key());
            insert.setString(2, event.id());
            insert.setString(3, event.payload());
            try (var row = insert.executeQuery()) {
                row.next();
                delete.setObject(1, row.getObject(1));
            }
            delete.executeUpdate();
        }
    }

    @Override
    public PeerStore openStore(DataSource database) {
        return DebeziumOutbox::insertAndDelete;
    }

    @Override
    public List<String> findParked(DataSource database) {
        return List.of();
    }

    @Override
    public List<String> tables() {
        return List.of("outbox");
    }

    @Override
    public boolean hasSeveralInstances() {
        return false;
    }
}
