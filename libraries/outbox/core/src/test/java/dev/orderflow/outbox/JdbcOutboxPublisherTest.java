package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

class JdbcOutboxPublisherTest {

    private final OutboxFixture outbox = new OutboxFixture();

    @AfterEach
    void close() throws InterruptedException {
        outbox.close();
    }

    @Test
    void anEventIsStoredInTheCallersTransactionOrNotAtAll() {
        var publisher = outbox.publisher();
        outbox.transactions()
                .executeWithoutResult(
                        transaction -> {
                            publisher.publish(event());
                            transaction.setRollbackOnly();
                        });
        assertThat(outbox.rows("outbox")).isZero();
        outbox.transactions().executeWithoutResult(_ -> publisher.publish(event()));
        assertThat(outbox.rows("outbox")).isOne();
    }

    @Test
    void anEventWithoutATransactionIsRefusedWithAClearError() {
        var event = event();
        assertThatThrownBy(() -> outbox.publisher().publish(event))
                .isInstanceOf(MissingTransactionException.class)
                .hasMessageContaining(event.id())
                .hasMessageContaining("@Transactional");
        assertThat(outbox.rows("outbox")).isZero();
    }

    @Test
    void aTransactionAwareProxyOfTheDataSourceTakesPartInItsTransactions() {
        var publisher =
                new JdbcOutboxPublisher(
                        new TransactionAwareDataSourceProxy(outbox.dataSource()),
                        TargetRouting.to(OutboxFixture.TARGET),
                        outbox.wakeUp);
        outbox.transactions()
                .executeWithoutResult(
                        transaction -> {
                            publisher.publish(event());
                            transaction.setRollbackOnly();
                        });
        assertThat(outbox.rows("outbox")).isZero();
    }

    @Test
    void anEventInATransactionOfAnotherDatabaseIsRefused() throws Exception {
        try (var other = new OutboxFixture()) {
            assertThatThrownBy(
                            () ->
                                    other.transactions()
                                            .executeWithoutResult(
                                                    _ -> outbox.publisher().publish(event())))
                    .isInstanceOf(MissingTransactionException.class);
        }
        assertThat(outbox.rows("outbox")).isZero();
    }

    @Test
    void anEventReachesTheTargetAsItWasPublished() {
        var target = new RecordingTarget();
        outbox.start(target);
        var bytes = new byte[] {0, 1, -1, 127, -128};
        var event =
                new OutboxEvent(
                        "id \"1\"/ü",
                        "key {,}\\",
                        "Something",
                        new EventPayload(bytes, "application/octet-stream"),
                        Map.of("traceparent", "00-1-2-01", "a,b", "\"{}\" NULL"),
                        Instant.parse("2026-11-02T09:15:30.123456789Z"),
                        null);
        outbox.publish(event);
        await().until(() -> !target.calls.isEmpty());
        assertThat(target.calls.getFirst().getFirst()).isEqualTo(event);
    }

    @Test
    void theRelayOfTheSameProcessIsWokenByTheCommit() {
        var target = new RecordingTarget();
        startRelayThatPollsRarely(target);
        var event = event();
        outbox.publish(event);
        await().until(() -> target.accepted().contains(event.id()));
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "false, 0"})
    void anEventInTheCallersStatementIsStoredOnceForEachRowOfIts(boolean isWanted, int stored) {
        var due = outbox.publisher().prepare(event());
        var scheduled =
                outbox.publisher().prepare(event().withDeliverAt(Instant.now().plusSeconds(3600)));
        for (var insert : List.of(due, scheduled)) {
            JdbcClient.create(outbox.dataSource())
                    .sql(
                            """
                            WITH wanted AS (SELECT WHERE :wanted)
                            %s"""
                                    .formatted(insert.sql("wanted")))
                    .param("wanted", isWanted)
                    .params(insert.parameters())
                    .update();
        }
        assertThat(outbox.rows("outbox")).isEqualTo(stored);
        assertThat(outbox.rows("outbox_scheduled")).isEqualTo(stored);
    }

    @Test
    void anEventInTheCallersStatementIsPublishedAsItWasPreparedAndWakesTheRelay() {
        var target = new RecordingTarget();
        startRelayThatPollsRarely(target);
        var event = event().withHeader("traceparent", "00-1-2-01");
        var insert = outbox.publisher().prepare(event);
        JdbcClient.create(outbox.dataSource())
                .sql(insert.sql("(VALUES (1)) AS one_row"))
                .params(insert.parameters())
                .update();
        insert.wakeRelay();
        await().until(() -> !target.calls.isEmpty());
        assertThat(target.calls.getFirst().getFirst()).isEqualTo(event);
    }

    @Test
    void anEventTypeWithoutATargetIsRefused() {
        assertThatThrownBy(() -> new TargetRouting(Map.of("A", "one"), null).targetOf("B"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("B");
        var routing = new TargetRouting(Map.of("A", "one"), "two");
        assertThat(routing.targetOf("A")).isEqualTo("one");
        assertThat(routing.targetOf("B")).isEqualTo("two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\0b", "line\nbreak"})
    void aKeyThatCannotBeStoredIsRefused(String key) {
        assertThatThrownBy(() -> OutboxEvent.of("A", key, EventPayload.json("{}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key");
    }

    @Test
    void keysThatDifferLittleFallIntoAllShards() {
        var shards = new java.util.TreeSet<Shard>();
        for (int i = 0; i < 500; i++) {
            shards.add(Shard.of("customer-" + i));
        }
        assertThat(shards).hasSize(Shard.COUNT);
    }

    /// Starts a relay that reads an event only when it is woken: the next poll is a minute away.
    private void startRelayThatPollsRarely(RecordingTarget target) {
        var instance =
                outbox.start(
                        target,
                        OutboxFixture.settings(it -> it.pollInterval = Duration.ofMinutes(1)));
        outbox.wakeUp.register(instance.relay());
        await().until(() -> outbox.shardsOf(instance) == Shard.COUNT);
    }

    private static OutboxEvent event() {
        return OutboxEvent.of("OrderCreated", "o-1", EventPayload.json("{}"));
    }
}
