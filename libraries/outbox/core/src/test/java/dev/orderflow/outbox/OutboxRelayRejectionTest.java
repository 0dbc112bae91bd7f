package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.outbox.OutboxTarget.EntryResult;
import dev.orderflow.outbox.OutboxTarget.PublishResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Events that the target rejects: they are retried, then parked, and delay no event of another
/// key.
class OutboxRelayRejectionTest {

    private final OutboxFixture outboxes = new OutboxFixture();
    private final RecordingTarget target = new RecordingTarget();

    @AfterEach
    void close() throws InterruptedException {
        outboxes.close();
    }

    @Test
    void anObserverLearnsWhichEventsWereNotAcceptedAndWhy() {
        var order = UUID.randomUUID();
        target.publishResult = _ -> new PublishResult.TargetUnavailable("HTTP 503");
        var event = outboxes.store(order, "OrderCreated");
        outboxes.start(target);
        await().until(() -> outboxes.notPublished.contains(event + ": HTTP 503"));
        target.publishResult = target::applyEntryResult;
        target.entryResult = _ -> new EntryResult.EntryRejected("MalformedDetail");
        await().until(() -> outboxes.notPublished.contains(event + ": MalformedDetail"));
    }

    @Test
    void unpublishedEventsOfAKeyAreFoundWithTheirState() {
        var order = UUID.randomUUID();
        target.entryResult = _ -> new EntryResult.EntryRejected("MalformedDetail");
        var event = outboxes.store(order, "OrderCreated");
        outboxes.store(UUID.randomUUID(), "OrderCreated");
        var queries = outboxes.queries();
        assertThat(queries.findUnpublished(order.toString()))
                .extracting(it -> it.eventId() + " " + it.state())
                .containsExactly(event + " WAITING");
        outboxes.start(target);
        await().until(() -> outboxes.rows("outbox_parked") == 2);
        var second = outboxes.store(order, "OrderCancellationRequested");
        await().until(() -> outboxes.rows("outbox_parked") == 3);
        assertThat(queries.findUnpublished(order.toString()))
                .extracting(it -> it.eventId() + " " + it.state())
                .containsExactly(event + " PARKED", second + " PARKED");
        assertThat(queries.findUnpublished(order.toString()).getFirst().reason())
                .isEqualTo("MalformedDetail");
        assertThat(queries.findUnpublished("another")).isEmpty();
    }

    @Test
    void aRejectedEntryIsSentAgainAndTheOthersOfItsCallAreNot() {
        var refusals = ConcurrentHashMap.<String>newKeySet();
        var events = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            events.add(outboxes.store(UUID.randomUUID(), "OrderCreated"));
        }
        var bad = Set.copyOf(events.subList(0, 3));
        target.entryResult =
                event ->
                        bad.contains(event.id()) && refusals.add(event.id())
                                ? new EntryResult.EntryRejected("InternalFailure")
                                : new EntryResult.EntryAccepted();
        outboxes.start(target);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.accepted()).containsExactlyInAnyOrderElementsOf(events);
        events.forEach(
                event ->
                        assertThat(target.timesSent(event)).isEqualTo(bad.contains(event) ? 2 : 1));
        await().until(() -> outboxes.rows("outbox_retry") == 0);
    }

    @Test
    void aRejectedEventIsParkedWithItsReasonAndOnlyItsKeyWaits() {
        var sick = UUID.randomUUID();
        var poison = outboxes.store(sick, "OrderCreated");
        var later = outboxes.store(sick, "OrderCancellationRequested");
        var healthy = outboxes.store(UUID.randomUUID(), "OrderCreated");
        target.entryResult =
                event ->
                        event.id().equals(poison)
                                ? new EntryResult.EntryRejected("Malformed\0Detail")
                                : new EntryResult.EntryAccepted();
        outboxes.start(target);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.accepted()).containsExactly(healthy);
        assertThat(target.timesSent(poison)).isEqualTo(3);
        assertThat(target.timesSent(later)).isZero();
        assertThat(outboxes.parkedReasons())
                .containsExactly("Malformed?Detail", "an earlier event of its key is parked");
        assertThat(outboxes.parked)
                .containsExactly(
                        sick + " OrderCreated: Malformed?Detail",
                        sick
                                + " OrderCancellationRequested: an earlier event of its key is"
                                + " parked");
        assertThat(outboxes.rows("outbox_retry")).isZero();
        await().until(() -> outboxes.parkedCount.get() == 2);
    }

    @Test
    void theEventsOfARejectedCallAreSentOneByOneToFindTheRejectedOne() {
        var events = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            events.add(outboxes.store(UUID.randomUUID(), "OrderCreated"));
        }
        var bad = events.get(4);
        target.publishResult =
                call ->
                        call.stream().anyMatch(event -> event.id().equals(bad))
                                ? new PublishResult.CallRejected(
                                        new EntryResult.EntryRejected("ValidationException"))
                                : target.applyEntryResult(call);
        outboxes.start(target);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.accepted()).hasSize(9).doesNotContain(bad);
        assertThat(outboxes.parkedReasons()).containsExactly("ValidationException");
    }

    @Test
    void failuresThatAreNotTheEventsOwnDoNotCountAsAttempts() {
        var failures = new AtomicInteger();
        target.entryResult =
                _ ->
                        failures.incrementAndGet() <= 8
                                ? new EntryResult.EntryFailed("InternalFailure")
                                : failures.get() <= 10
                                        ? new EntryResult.EntryRejected("MalformedDetail")
                                        : new EntryResult.EntryAccepted();
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        outboxes.start(target, OutboxFixture.settings(it -> it.maxAttempts = 3));
        await().until(() -> target.accepted().contains(event));
        assertThat(outboxes.rows("outbox_parked")).isZero();
    }

    @Test
    void manyKeysThatAreNotDueDoNotKeepOthersOutOfTheBuffer() {
        var properties =
                OutboxFixture.settings(
                        it -> {
                            it.bufferSize = 20;
                            it.backoff = Duration.ofMinutes(1);
                        });
        var bad = new HashSet<String>();
        for (int i = 0; i < 60; i++) {
            bad.add(outboxes.store(UUID.randomUUID(), "OrderCreated"));
        }
        target.entryResult =
                event ->
                        bad.contains(event.id())
                                ? new EntryResult.EntryRejected("no")
                                : new EntryResult.EntryAccepted();
        outboxes.start(target, properties);
        await().until(() -> outboxes.rows("outbox_retry") == 60);
        var good = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> target.accepted().equals(List.of(good)));
    }

    @Test
    void aListenerThatThrowsDelaysOnlyTheKeyOfTheEventThatIsToBeParked() {
        var rejected = outboxes.store(UUID.randomUUID(), "OrderCreated");
        insertOddRow("odd", "", "{}");
        outboxes.onParked =
                _ -> {
                    throw new IllegalStateException("the address of Ada");
                };
        target.entryResult =
                event ->
                        event.id().equals(rejected)
                                ? new EntryResult.EntryRejected("MalformedDetail")
                                : new EntryResult.EntryAccepted();
        outboxes.start(target);
        var reason = "not parked: illegal state";
        await().until(() -> outboxes.blockedReasons().equals(List.of(reason, reason)));
        var other = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> target.accepted().contains(other));
        assertThat(outboxes.rows("outbox_parked")).isZero();

        outboxes.onParked = _ -> {};
        await().until(() -> outboxes.rows("outbox_parked") == 2);
        assertThat(outboxes.rows("outbox")).isZero();
        assertThat(outboxes.rows("outbox_retry")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'', {}, {}",
        "key, '', {}",
        "'a\tb', {}, {}",
        "key, {}, '{traceparent,NULL}'",
        "key, {}, '{{a,b}}'",
        "key, {}, '{\"\",b}'"
    })
    void aRowThatIsNoEventIsParkedAndDelaysNoOtherKey(String key, String payload, String headers) {
        outboxes.start(target);
        insertOddRow(key, payload, headers);
        var other = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> target.accepted().contains(other));
        await().until(() -> outboxes.rows("outbox_parked") == 1);
        assertThat(outboxes.parkedReasons().getFirst()).startsWith("the row is no event: ");
        assertThat(target.sent).doesNotContain("odd");
    }

    @Test
    void theNextEventOfTheKeyOfSuchARowIsParkedBehindIt() {
        var order = UUID.randomUUID();
        insertOddRow(order.toString(), "", "{}");
        outboxes.store(order, "OrderCancellationRequested");
        outboxes.start(target);
        await().until(() -> outboxes.rows("outbox_parked") == 2);
        assertThat(outboxes.parkedReasons().getLast())
                .isEqualTo("an earlier event of its key is parked");
        assertThat(target.accepted()).isEmpty();
    }

    /// Inserts a row that something else than the publisher has written.
    private void insertOddRow(String key, String payload, String headers) {
        outboxes.jdbc
                .sql(
                        """
                        INSERT INTO outbox (target, shard, event_key, event_id, event_type, payload,
                                            content_type, headers, occurred_at)
                        VALUES (:target, 0, :key, 'odd', 'Odd', :payload, 'application/json',
                                :headers::text[], now())
                        """)
                .param("target", OutboxFixture.TARGET)
                .param("key", key)
                .param("payload", payload.getBytes(StandardCharsets.UTF_8))
                .param("headers", headers)
                .update();
    }
}
