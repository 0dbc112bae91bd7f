package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.localpostgres.fixture.PagesRead;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// A backlog comes faster than Postgres analyzes the table. Until then the relay's statements must
/// read what they need and not the whole backlog, whatever the statistics say.
class OutboxPlansTest {

    private static final int BACKLOG = 20_000;

    private final OutboxFixture outboxes = new OutboxFixture();
    private final JdbcClient jdbc = JdbcClient.create(outboxes.dataSource());
    private OutboxFixture.RelayInstance relay;
    private Collection<Shard> shards;

    enum Statistics {
        NONE {
            @Override
            void prepare(JdbcClient jdbc) {}
        },
        OF_FEW_EVENTS {
            @Override
            void prepare(JdbcClient jdbc) {
                insert(jdbc, 5);
                analyze(jdbc);
            }
        },
        AFTER_A_BACKLOG {
            @Override
            void prepare(JdbcClient jdbc) {
                insert(jdbc, BACKLOG);
                analyze(jdbc);
                jdbc.sql("DELETE FROM outbox").update();
                jdbc.sql("DELETE FROM outbox_retry").update();
                jdbc.sql("VACUUM ANALYZE outbox, outbox_retry").update();
            }
        },
        OF_WHAT_IS_LEFT_OF_A_BACKLOG {
            @Override
            void prepare(JdbcClient jdbc) {
                insert(jdbc, BACKLOG);
                analyze(jdbc);
                jdbc.sql("DELETE FROM outbox WHERE id < 19900").update();
                jdbc.sql("DELETE FROM outbox_retry WHERE outbox_id < 19900").update();
                jdbc.sql("VACUUM ANALYZE outbox, outbox_retry").update();
            }
        };

        abstract void prepare(JdbcClient jdbc);

        private static void analyze(JdbcClient jdbc) {
            jdbc.sql("ANALYZE outbox, outbox_retry").update();
        }
    }

    @BeforeEach
    void startWithOneConnection() throws Exception {
        var connection = outboxes.dataSource().getConnection();
        relay =
                outboxes.instance(
                        new SingleConnectionDataSource(connection, true),
                        new RecordingTarget(),
                        OutboxFixture.defaultSettings());
        shards = relay.leases().acquireOrRenew().leases().keySet();
        for (var table : List.of("outbox", "outbox_retry")) {
            jdbc.sql("ALTER TABLE " + table + " SET (autovacuum_enabled = false)").update();
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        outboxes.close();
    }

    @ParameterizedTest
    @EnumSource
    void aBacklogThatPostgresDoesNotKnowYetIsReadByItsKey(Statistics statistics) {
        statistics.prepare(jdbc);
        for (int i = 0; i < PagesRead.EXECUTIONS_UNTIL_A_PLAN_IS_KEPT; i++) {
            read(10);
            sample();
            delete(List.of(gone()));
        }
        insert(jdbc, BACKLOG);

        assertThat(pagesRead(() -> assertThat(read(100)).hasSize(100))).isBetween(1, 700);
        assertThat(pagesRead(this::sample)).isBetween(1, 50);
        var first = read(10);
        assertThat(first).allMatch(PendingEvent::isRetried);
        assertThat(pagesRead(() -> delete(first))).isBetween(1, 500);
        assertThat(outboxes.rows("outbox_retry")).isEqualTo(outboxes.rows("outbox"));
        assertThat(read(1).getFirst().rowId()).isGreaterThan(first.getLast().rowId());
    }

    private List<PendingEvent> read(int limit) {
        return relay.repository()
                .findOldest(shards, List.of(), ScanFloor.START, limit, Long.MAX_VALUE)
                .events();
    }

    private void sample() {
        relay.repository().sampleFloor(shards, ScanFloor.START);
    }

    private void delete(List<PendingEvent> events) {
        relay.repository().deletePublished(events);
    }

    /// An event that was deleted before.
    private static PendingEvent gone() {
        var event = OutboxEvent.unordered("OrderCreated", EventPayload.json("{}"));
        return new PendingEvent(-1, Shard.of(event.key()), 1, 0, false, null, event);
    }

    /// The pages of the outbox and of its retries that an action reads, in memory or on disk.
    private int pagesRead(Runnable action) {
        int before = pagesRead();
        action.run();
        return pagesRead() - before;
    }

    private int pagesRead() {
        return OutboxFixture.buffers(relay, "outbox", "outbox_retry");
    }

    /// Stores events of other keys, each of which was sent before.
    private static void insert(JdbcClient jdbc, int events) {
        jdbc.sql(
                        """
                        WITH stored AS (
                            INSERT INTO outbox (target, shard, event_key, event_id, event_type, payload,
                                                content_type, occurred_at)
                            SELECT :target, i % 16, gen_random_uuid()::text, i::text, 'OrderCreated',
                                   convert_to(repeat('x', 300), 'UTF8'), 'text/plain', now()
                            FROM generate_series(1, :events) AS i
                            RETURNING target, event_key, id)
                        INSERT INTO outbox_retry (target, event_key, outbox_id, attempts, not_before, reason)
                        SELECT target, event_key, id, 1, now(), 'throttled' FROM stored
                        """)
                .param("target", OutboxFixture.TARGET)
                .param("events", events)
                .update();
    }
}
