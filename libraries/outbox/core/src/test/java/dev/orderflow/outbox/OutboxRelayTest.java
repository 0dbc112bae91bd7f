package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A relay whose target and database work: its calls, when it sends what, and how it stops.
class OutboxRelayTest {

    private final OutboxFixture outboxes = new OutboxFixture();
    private final RecordingTarget target = new RecordingTarget();

    @AfterEach
    void close() throws InterruptedException {
        outboxes.close();
    }

    @Test
    void aCallCarriesTenEventsAndOneMegabyteAtMost() {
        var big = "x".repeat(300_000);
        for (int i = 0; i < 12; i++) {
            outboxes.store(UUID.randomUUID(), "Big", "\"" + big + "\"");
            outboxes.store(UUID.randomUUID(), "Small");
            outboxes.store(UUID.randomUUID(), "Small");
        }
        outboxes.start(target);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.calls)
                .allSatisfy(
                        call -> {
                            assertThat(call).hasSizeBetween(1, 10);
                            assertThat(
                                            call.stream()
                                                    .mapToInt(event -> event.payload().size())
                                                    .sum())
                                    .isLessThanOrEqualTo(1_000_000);
                        })
                .anySatisfy(call -> assertThat(call).hasSizeGreaterThan(5));
    }

    @Test
    void severalCallsAreInFlightAtOnceAndNoTransactionIsOpenMeanwhile() {
        var together = new CyclicBarrier(4);
        var openTransactions = new ConcurrentHashMap<Integer, Boolean>();
        target.publishResult =
                events -> {
                    meet(together);
                    openTransactions.put(openTransactions(), true);
                    meet(together);
                    return target.applyEntryResult(events);
                };
        for (int i = 0; i < 40; i++) {
            outboxes.store(UUID.randomUUID(), "OrderCreated");
        }
        outboxes.start(target);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.calls).hasSize(4);
        assertThat(openTransactions).containsOnlyKeys(0);
    }

    @Test
    void aNewEventIsSentAtOnceWhenTheRelayIsWokenUp() {
        // The next poll is a minute away.
        var properties = OutboxFixture.settings(it -> it.pollInterval = Duration.ofMinutes(1));
        var instance = outboxes.start(target, properties);
        await().until(() -> outboxes.shardsOf(instance) == 16);
        var order = UUID.randomUUID();
        var first = outboxes.store(order, "OrderCreated");
        instance.relay().wakeUp(order.toString());
        await().until(() -> target.accepted().equals(List.of(first)));
    }

    @Test
    void anEventStoredWhileAnotherOfItsKeyIsInFlightFollowsAtOnce() throws Exception {
        var call = new HeldCall(target::applyEntryResult);
        target.publishResult = call;
        var order = UUID.randomUUID();
        var first = outboxes.store(order, "OrderCreated");
        // The next poll is a minute away.
        var instance =
                outboxes.start(
                        target,
                        OutboxFixture.settings(it -> it.pollInterval = Duration.ofMinutes(1)));
        call.awaitCall();
        var second = outboxes.store(order, "OrderCancellationRequested");
        instance.relay().wakeUp(order.toString());
        call.release();
        await().until(() -> target.accepted().equals(List.of(first, second)));
    }

    @Test
    void aScheduledEventIsPublishedAtItsTimeAndNotBefore() {
        var relay = outboxes.start(target).relay();
        var far =
                OutboxEvent.of("Reminder", "order-1", EventPayload.json("{}"))
                        .withDeliverAt(Instant.now().plusSeconds(3_600));
        var soon =
                OutboxEvent.of("Reminder", "order-1", EventPayload.json("{}"))
                        .withDeliverAt(Instant.now().minusSeconds(1));
        outboxes.publish(far);
        outboxes.publish(soon);
        await().until(() -> target.accepted().contains(soon.id()));
        // Other events are published meanwhile.
        var now = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> target.accepted().contains(now));
        assertThat(target.sent).doesNotContain(far.id());
        assertThat(outboxes.rows("outbox_scheduled")).isOne();
        assertThat(relay.targetState()).isInstanceOf(OutboxTarget.TargetState.TargetExists.class);
    }

    @Test
    void scheduledEventsOfAKeyThatAreDueArePublishedInTheSequenceOfTheirTimes() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            var event =
                    OutboxEvent.of("Reminder", "order-1", EventPayload.json("{}"))
                            .withDeliverAt(Instant.now().minusSeconds(10 + i));
            ids.addFirst(event.id());
            outboxes.publish(event);
        }
        outboxes.start(target);
        await().until(() -> target.accepted().size() == 5);
        assertThat(target.accepted()).containsExactlyElementsOf(ids);
    }

    @Test
    void publishedRowsThatALongSnapshotKeepsAreNotReadAgain() throws Exception {
        var relay = outboxes.start(target).relay();
        try (var snapshot = outboxes.openSnapshot()) {
            for (int i = 0; i < 300; i++) {
                outboxes.store(UUID.randomUUID(), "OrderCreated");
            }
            await().until(() -> outboxes.rows("outbox") == 0);
            await().until(() -> relay.scanFloor() == 301);
            var late = outboxes.store(UUID.randomUUID(), "OrderCreated");
            await().until(() -> target.accepted().contains(late));
            snapshot.rollback();
        }
    }

    @Test
    void anEventThatIsCommittedAfterOnesWithHigherIdsIsPublished() throws Exception {
        // A full scan is too far away to find it.
        var relay =
                outboxes.start(
                                target,
                                OutboxFixture.settings(
                                        it -> it.fullScanInterval = Duration.ofMinutes(10)))
                        .relay();
        var slow = UUID.randomUUID();
        try (var transaction = outboxes.openTransaction()) {
            outboxes.store(transaction, slow, "OrderCreated");
            for (int i = 0; i < 20; i++) {
                outboxes.store(UUID.randomUUID(), "OrderCreated");
            }
            await().until(() -> target.accepted().size() == 20);
            transaction.commit();
        }
        await().until(() -> target.accepted().contains(slow + "/OrderCreated"));
        await().until(() -> relay.scanFloor() == 22);
    }

    @Test
    void aRelayThatStopsCompletesItsCallsAndStartsNoOthers() throws Exception {
        var call = new HeldCall(target::applyEntryResult);
        target.publishResult = call;
        var instance = outboxes.start(target);
        var underWay = outboxes.store(UUID.randomUUID(), "OrderCreated");
        call.awaitCall();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var stopped =
                    threads.submit(
                            () -> {
                                instance.relay().stop();
                                return true;
                            });
            outboxes.store(UUID.randomUUID(), "OrderCreated");
            call.release();
            stopped.get(2, TimeUnit.MINUTES);
        }
        assertThat(target.accepted()).contains(underWay);
        assertThat(outboxes.jdbc.sql("SELECT event_id FROM outbox").query(String.class).list())
                .doesNotContain(underWay);
        assertThat(outboxes.shardsOf(instance)).isZero();
        assertThat(outboxes.rows("outbox_relay")).isZero();
    }

    private int openTransactions() {
        return outboxes.jdbc
                .sql(
                        """
                        SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND state LIKE 'idle in transaction%'
                        """)
                .query(Integer.class)
                .single();
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(2, TimeUnit.MINUTES);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
