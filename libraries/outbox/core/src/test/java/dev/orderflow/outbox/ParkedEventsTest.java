package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.orderflow.outbox.OutboxTarget.EntryResult;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What an operator does with parked events.
class ParkedEventsTest {

    private final OutboxFixture outboxes = new OutboxFixture();
    private final RecordingTarget target = new RecordingTarget();

    @AfterEach
    void close() throws InterruptedException {
        outboxes.close();
    }

    @Test
    void releasedEventsAreSentInTheirSequence() {
        var order = UUID.randomUUID();
        var first = outboxes.store(order, "OrderCreated");
        var second = outboxes.store(order, "OrderCancellationRequested");
        target.entryResult = _ -> new EntryResult.EntryRejected("no");
        outboxes.start(target);
        await().until(() -> outboxes.rows("outbox_parked") == 2);
        target.entryResult = _ -> new EntryResult.EntryAccepted();
        assertThat(outboxes.parkedEvents().releaseKey(order.toString()))
                .isEqualTo(new ParkedEvents.ReleaseResult(1, 2));
        await().until(() -> target.accepted().size() == 2);
        assertThat(target.accepted()).containsExactly(first, second);
    }

    @Test
    void allEventsParkedForAReasonAreReleasedWithTheLaterEventsOfTheirKeys() {
        var orders = IntStream.range(0, 1_200).mapToObj(_ -> UUID.randomUUID()).toList();
        orders.forEach(order -> park(order, "OrderCreated", "MalformedDetail"));
        park(orders.getFirst(), "OrderCancellationRequested", "an earlier event is parked");
        var other = UUID.randomUUID();
        park(other, "OrderCreated", "InvalidArgument");
        var parked = outboxes.parkedEvents();
        assertThat(parked.findReasons())
                .extracting(ParkedEvents.ParkedReason::reason, ParkedEvents.ParkedReason::keys)
                .contains(tuple("MalformedDetail", 1_200), tuple("InvalidArgument", 1));
        assertThat(parked.releaseReason("MalformedDetail"))
                .isEqualTo(new ParkedEvents.ReleaseResult(1_200, 1_201));
        assertThat(parked.releaseReason("MalformedDetail"))
                .isEqualTo(new ParkedEvents.ReleaseResult(0, 0));
        assertThat(parked.releaseReason("no such reason"))
                .isEqualTo(new ParkedEvents.ReleaseResult(0, 0));
        assertThat(outboxes.rows("outbox_parked")).isOne();
        outboxes.start(target);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.acceptedTypes(orders.getFirst()))
                .containsExactly("OrderCreated", "OrderCancellationRequested");
    }

    @Test
    void aReleasedEventIsPublishedAlthoughItsIdIsBelowTheFloor() {
        var order = UUID.randomUUID();
        target.entryResult =
                event ->
                        event.key().equals(order.toString())
                                ? new EntryResult.EntryRejected("no")
                                : new EntryResult.EntryAccepted();
        var event = outboxes.store(order, "OrderCreated");
        var relay = outboxes.start(target).relay();
        await().until(() -> outboxes.rows("outbox_parked") == 1);
        for (int i = 0; i < 20; i++) {
            outboxes.store(UUID.randomUUID(), "OrderCreated");
        }
        await().until(() -> relay.scanFloor() == 22);
        target.entryResult = _ -> new EntryResult.EntryAccepted();
        outboxes.parkedEvents().releaseEvent(event);
        await().until(() -> target.accepted().contains(event));
        assertThat(outboxes.released).containsExactly(order.toString());
    }

    @Test
    void anEventThatAnotherInstanceReleasesIsPublishedBeforeLaterOnesOfItsKey() {
        var order = UUID.randomUUID();
        park(order, "OrderCreated", "MalformedDetail");
        park(order, "OrderConfirmed", "an earlier event of its key is parked");
        var relay = outboxes.start(target).relay();
        for (int i = 0; i < 20; i++) {
            outboxes.store(UUID.randomUUID(), "OrderCreated");
        }
        await().until(() -> relay.scanFloor() == 23);
        // The relay is not woken, as if it were in another process.
        outboxes.parkedEvents().releaseKey(order.toString());
        outboxes.store(order, "OrderCancellationRequested");
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.acceptedTypes(order))
                .containsExactly("OrderCreated", "OrderConfirmed", "OrderCancellationRequested");
        assertThat(outboxes.rows("outbox_parked")).isZero();
        await().until(() -> outboxes.rows("outbox_retry") == 0);
    }

    @Test
    void anEventIsNotParkedBehindOneThatIsReleasedMeanwhile() {
        var order = UUID.randomUUID();
        park(order, "OrderCreated", "MalformedDetail");
        outboxes.store(order, "OrderCancellationRequested");
        var relay = outboxes.instance(target, OutboxFixture.defaultSettings());
        var leases = relay.leases().acquireOrRenew().leases();
        var behind =
                relay.repository()
                        .findOldest(leases.keySet(), List.of(), ScanFloor.START, 10, 1_000)
                        .events()
                        .getFirst();
        long token = leases.get(behind.shard()).token();
        assertThat(behind.isBehindParked()).isTrue();
        outboxes.parkedEvents().releaseKey(order.toString());
        assertThat(relay.repository().parkBehind(behind, token, "behind")).isFalse();
        assertThat(outboxes.rows("outbox_parked")).isZero();
        assertThat(outboxes.rows("outbox")).isEqualTo(2);
    }

    @Test
    void aReleaseEndsAlthoughItsEventsAreParkedAgain() {
        var orders = IntStream.range(0, 600).mapToObj(_ -> UUID.randomUUID()).toList();
        orders.forEach(order -> park(order, "OrderCreated", "MalformedDetail"));
        var batches = new AtomicInteger();
        var listener =
                new ParkedEventListener() {
                    @Override
                    public void onParked(OutboxEvent event, String reason) {}

                    @Override
                    public void onReleased(Set<String> keys) {
                        assertThat(batches.incrementAndGet()).isLessThan(10);
                        keys.forEach(key -> park(key + "/OrderCreated", "MalformedDetail"));
                    }
                };
        var parked =
                new ParkedEvents(outboxes.jdbc, outboxes.transactions(), listener, outboxes.wakeUp);
        assertThat(parked.releaseReason("MalformedDetail"))
                .isEqualTo(new ParkedEvents.ReleaseResult(600, 600));
        assertThat(outboxes.rows("outbox_parked")).isEqualTo(600);
    }

    @Test
    void aDiscardedEventIsKeptWithItsReasonAndNoLongerBlocksItsKey() {
        var order = UUID.randomUUID();
        var bad = outboxes.store(order, "OrderCreated");
        target.entryResult =
                event ->
                        event.id().equals(bad)
                                ? new EntryResult.EntryRejected("no")
                                : new EntryResult.EntryAccepted();
        outboxes.start(target);
        await().until(() -> outboxes.rows("outbox_parked") == 1);
        var parked = outboxes.parkedEvents();
        assertThat(parked.discard("no such event", "unknown")).isFalse();
        assertThat(parked.discard(bad, "sent by hand")).isTrue();
        assertThat(parked.discard(bad, "sent by hand")).isFalse();
        assertThat(outboxes.rows("outbox_parked")).isZero();
        assertThat(outboxes.rows("outbox_discarded")).isOne();
        assertThat(outboxes.released).containsExactly(order.toString());
        var next = outboxes.store(order, "OrderCancellationRequested");
        await().until(() -> target.accepted().contains(next));
    }

    private void park(UUID order, String type, String reason) {
        park(outboxes.store(order, type), reason);
    }

    private void park(String event, String reason) {
        outboxes.jdbc
                .sql(
                        """
                        WITH gone AS (DELETE FROM outbox WHERE event_id = :event RETURNING *)
                        INSERT INTO outbox_parked (id, target, shard, event_key, event_id, event_type, payload,
                                                   content_type, headers, occurred_at, stored_at, attempts, reason)
                        SELECT id, target, shard, event_key, event_id, event_type, payload,
                               content_type, headers, occurred_at, stored_at, 5, :reason
                        FROM gone
                        """)
                .param("event", event)
                .param("reason", reason)
                .update();
    }
}
