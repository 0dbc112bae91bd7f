package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.database.DatabaseTimeoutProperties;
import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.TcpProxy;
import dev.orderflow.outbox.OutboxTarget.EntryResult;
import dev.orderflow.outbox.OutboxTarget.PublishResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutboxRelayTest {

    private final OutboxFixture outboxes = new OutboxFixture();
    private final RecordingTarget target = new RecordingTarget();

    @AfterEach
    void close() throws InterruptedException {
        outboxes.close();
    }

    // Several relays

    @Test
    void severalRelaysAtOnceLoseNoEventAndKeepEachKeysSequence() throws Exception {
        // A target that is often unavailable, throttles, rejects, and sometimes loses a response.
        target.publishResult =
                events ->
                        switch (ThreadLocalRandom.current().nextInt(12)) {
                            case 0 -> new PublishResult.TargetUnavailable("unavailable");
                            case 1 -> {
                                target.applyEntryResult(events);
                                yield new PublishResult.TargetUnavailable("the response was lost");
                            }
                            default -> target.applyEntryResult(events);
                        };
        target.entryResult =
                _ ->
                        switch (ThreadLocalRandom.current().nextInt(20)) {
                            case 0 -> new EntryResult.EntryThrottled();
                            case 1 -> new EntryResult.EntryRejected("InternalFailure");
                            default -> new EntryResult.EntryAccepted();
                        };
        var properties =
                OutboxFixture.settings(
                        it -> {
                            // Its margin outlasts pauses of threads on a busy machine.
                            it.leaseDuration = Duration.ofSeconds(3);
                            it.maxAttempts = 100;
                        });
        var stopping = outboxes.start(target, properties);
        var pausing = outboxes.start(target, properties);
        outboxes.start(target, properties);
        var orders = IntStream.range(0, 120).mapToObj(_ -> UUID.randomUUID()).toList();
        try (var writers = Executors.newFixedThreadPool(8)) {
            var written = new ArrayList<Future<?>>();
            for (var order : orders) {
                written.add(
                        writers.submit(
                                () -> {
                                    for (int i = 1; i <= 5; i++) {
                                        outboxes.store(order, "Event" + i);
                                    }
                                }));
            }
            // Meanwhile one stops, one is paused until others have taken over, and one starts.
            stopping.relay().stop();
            pausing.database().block();
            outboxes.start(target, properties);
            await().atMost(Duration.ofSeconds(30)).until(() -> outboxes.shardsOf(pausing) == 0);
            pausing.database().unblock();
            for (var each : written) {
                each.get();
            }
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> outboxes.rows("outbox") == 0);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        assertThat(outboxes.rows("outbox_retry")).isZero();
        var accepted = target.accepted();
        for (var order : orders) {
            assertThat(firstTimes(accepted, order))
                    .containsExactly("Event1", "Event2", "Event3", "Event4", "Event5");
        }
    }

    @Test
    void relaysShareTheShardsFairly() {
        var lease = OutboxFixture.settings(it -> it.leaseDuration = Duration.ofSeconds(1));
        var first = outboxes.start(target, lease);
        await().until(() -> outboxes.shardsOf(first) == 16);
        var second = outboxes.start(target, lease);
        await().until(() -> outboxes.shardsOf(first) == 8 && outboxes.shardsOf(second) == 8);
    }

    @Test
    void aRelayThatStopsReleasesItsShardsAtOnce() throws Exception {
        // The lease outlasts the test, so its end did not free them.
        var first = outboxes.start(target);
        await().until(() -> outboxes.shardsOf(first) == 16);
        first.relay().stop();
        var second = outboxes.start(target);
        await().until(() -> outboxes.shardsOf(second) == 16);
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> target.accepted().contains(event));
    }

    @Test
    void aRelayThatDiesBetweenPublishingAndDeletingLeavesTheEventToAnotherUnderTheSameId() {
        var lease = OutboxFixture.shortLease();
        var dying = outboxes.start(target, lease);
        await().until(() -> outboxes.shardsOf(dying) == 16);
        target.publishResult =
                events -> {
                    dying.database().fail();
                    return target.applyEntryResult(events);
                };
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> target.accepted().equals(List.of(event)));
        target.publishResult = target::applyEntryResult;
        outboxes.start(target, lease);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.accepted()).containsExactly(event, event);
        dying.database().restore();
    }

    @Test
    void aRelayThatDiesBetweenStoringALargePayloadAndPublishingLeavesBothToAnother() {
        var lease = OutboxFixture.shortLease();
        var kept = new CopyOnWriteArrayList<OutboxEvent>();
        PayloadStore details =
                event -> {
                    kept.add(event);
                    return new PayloadStore.StoreResult.PayloadStored(
                            new PayloadStore.StoredPayload("ours", "events/k", 1, "0".repeat(64)));
                };
        var dead = new RecordingTarget();
        dead.publishResult =
                _ -> {
                    throw new IllegalStateException("the process died before it could publish");
                };
        var order = UUID.randomUUID();
        var cutOff =
                outboxes.start(
                        new ClaimCheckTarget(dead, details, ClaimCheckFormat.json(), 1), lease);
        await().until(() -> outboxes.shardsOf(cutOff) == 16);
        var event = outboxes.store(order, "OrderCancellationRequested", "{\"large\":true}");
        await().until(() -> !kept.isEmpty());
        cutOff.database().fail();
        outboxes.start(new ClaimCheckTarget(target, details, ClaimCheckFormat.json(), 1), lease);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.accepted()).containsExactly(event);
        assertThat(kept).hasSizeGreaterThan(1);
        assertThat(Set.copyOf(kept)).hasSize(1);
        cutOff.database().restore();
    }

    @Test
    void anOwnerThatWasPausedIsFencedWhenItComesBack() throws Exception {
        var lease =
                OutboxFixture.settings(
                        it -> {
                            it.leaseDuration = Duration.ofMillis(600);
                            it.maxAttempts = 1;
                        });
        var order = UUID.randomUUID();
        var paused = outboxes.start(target, lease);
        await().until(() -> outboxes.shardsOf(paused) == 16);
        // The paused relay is about to receive a rejection, which would park the event.
        var isAsked = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        target.publishResult =
                _ -> {
                    isAsked.countDown();
                    uninterruptibly(mayAnswer);
                    return new PublishResult.EntryResults(
                            List.of(new EntryResult.EntryRejected("no")));
                };
        var event = outboxes.store(order, "OrderCreated");
        assertThat(isAsked.await(2, TimeUnit.MINUTES)).isTrue();
        paused.database().block();
        await().until(paused.database()::hasBlockedCaller);

        // Another relay takes over and is publishing the same event.
        var others = new RecordingTarget();
        var isTakenOver = new CountDownLatch(1);
        var mayAccept = new CountDownLatch(1);
        others.publishResult =
                events -> {
                    isTakenOver.countDown();
                    uninterruptibly(mayAccept);
                    return others.applyEntryResult(events);
                };
        var second = outboxes.start(others, lease);
        assertThat(isTakenOver.await(2, TimeUnit.MINUTES)).isTrue();

        mayAnswer.countDown();
        paused.database().unblock();
        // The paused relay has applied the rejection once it owns shards again.
        await().until(() -> outboxes.shardsOf(paused) > 0);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        assertThat(outboxes.rows("outbox_retry")).isZero();
        mayAccept.countDown();
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(others.accepted()).containsExactly(event);
    }

    @Test
    void aRelayThatLostAShardNeitherReadsNorParksNorDefersItsEvents() {
        var lease = OutboxFixture.shortLease();
        var order = UUID.randomUUID();
        var first = outboxes.instance(target, lease);
        var held = first.leases().acquireOrRenew().leases();
        assertThat(held).hasSize(16);
        outboxes.store(order, "OrderCreated");
        var event = first.repository().findOldest(held.keySet(), List.of(), 0, 10).getFirst();
        var token = held.get(Shard.of(order.toString())).token();

        var second = outboxes.instance(target, lease);
        await().until(
                        () ->
                                second.leases()
                                        .acquireOrRenew()
                                        .leases()
                                        .containsKey(Shard.of(order.toString())));

        assertThat(first.repository().findOldest(held.keySet(), List.of(), 0, 10)).isEmpty();
        assertThat(
                        first.repository()
                                .defer(
                                        List.of(
                                                new OutboxRepository.EventDeferral(
                                                        event,
                                                        token,
                                                        1,
                                                        0,
                                                        false,
                                                        Duration.ZERO,
                                                        "no"))))
                .isZero();
        assertThat(first.repository().park(event, token, 3, "no")).isFalse();
        assertThat(held.get(Shard.of(order.toString())).isSafe(System.nanoTime())).isFalse();
        assertThat(outboxes.rows("outbox")).isOne();
        assertThat(outboxes.parked).isEmpty();
    }

    // Rejections

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
        assertThat(outboxes.rows("outbox_retry")).isZero();
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
        assertThat(parkedReasons())
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

    @ParameterizedTest
    @CsvSource({"'', {}", "key, ''", "'a\tb', {}"})
    void aRowThatIsNoEventIsParkedAndDelaysNoOtherKey(String key, String payload) {
        outboxes.start(target);
        outboxes.jdbc
                .sql(
                        """
                        INSERT INTO outbox (target, shard, event_key, event_id, event_type, payload,
                                            content_type, occurred_at)
                        VALUES (:target, 0, :key, 'odd', 'Odd', :payload, 'application/json', now())
                        """)
                .param("target", OutboxFixture.TARGET)
                .param("key", key)
                .param("payload", payload.getBytes(StandardCharsets.UTF_8))
                .update();
        var other = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> target.accepted().contains(other));
        await().until(() -> outboxes.rows("outbox_parked") == 1);
        assertThat(parkedReasons().getFirst()).startsWith("the row is no event: ");
        assertThat(target.sent).doesNotContain("odd");
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
        assertThat(firstTimes(target.accepted(), orders.getFirst()))
                .containsExactly("OrderCreated", "OrderCancellationRequested");
    }

    private void park(UUID order, String type, String reason) {
        var event = outboxes.store(order, type);
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

    // A target that fails, is blocked or does not exist

    @Test
    void eventsThatTheTargetFailsToAcceptForAnyTimeAreNotParkedAndArePublishedInSequence() {
        target.entryResult = _ -> new EntryResult.EntryFailed("InternalFailure");
        var order = UUID.randomUUID();
        var events = List.of(outboxes.store(order, "First"), outboxes.store(order, "Second"));
        var others =
                IntStream.range(0, 30)
                        .mapToObj(_ -> outboxes.store(UUID.randomUUID(), "OrderCreated"))
                        .toList();
        // Many more attempts than park a rejected event.
        outboxes.start(target, OutboxFixture.settings(it -> it.maxAttempts = 2));
        await().until(() -> target.timesSent(events.getFirst()) >= 12);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        assertThat(target.sent).doesNotContain(events.get(1));
        target.entryResult = _ -> new EntryResult.EntryAccepted();
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(firstTimes(target.accepted(), order)).containsExactly("First", "Second");
        assertThat(target.accepted()).containsAll(others);
        assertThat(outboxes.rows("outbox_retry")).isZero();
    }

    @Test
    void anEventThatTheTargetNeverAcceptsDelaysItsOwnKeyAlone() {
        var sick = UUID.randomUUID();
        var stuck = outboxes.store(sick, "OrderCreated");
        target.entryResult =
                event ->
                        event.id().startsWith(sick.toString())
                                ? new EntryResult.EntryFailed("InternalFailure")
                                : new EntryResult.EntryAccepted();
        outboxes.start(target, OutboxFixture.settings(it -> it.maxAttempts = 1));
        await().until(() -> target.timesSent(stuck) >= 3);
        for (int i = 0; i < 5; i++) {
            var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
            await().until(() -> target.accepted().contains(event));
        }
        await().until(() -> outboxes.rows("outbox") == 1);
        assertThat(outboxes.rows("outbox_parked")).isZero();
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
    void blockedEntriesAreNotParkedAndAreCountedUntilTheyAreAccepted() {
        target.entryResult =
                event ->
                        event.type().equals("Forbidden")
                                ? new EntryResult.EntryBlocked(
                                        "NotAuthorizedForDetailTypeException")
                                : new EntryResult.EntryAccepted();
        var order = UUID.randomUUID();
        var forbidden = outboxes.store(order, "Forbidden");
        var other = outboxes.store(UUID.randomUUID(), "OrderCreated");
        outboxes.start(target, OutboxFixture.settings(it -> it.maxAttempts = 1));
        await().until(() -> target.timesSent(forbidden) >= 4 && target.accepted().contains(other));
        await().until(() -> blocked() == 1);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        target.entryResult = _ -> new EntryResult.EntryAccepted();
        await().until(() -> target.accepted().contains(forbidden));
        await().until(() -> blocked() == 0);
    }

    @Test
    void theEventsOfABlockedCallAreNotParkedAndAreCountedUntilTheyAreAccepted() {
        target.publishResult = _ -> new PublishResult.CallBlocked("AccessDeniedException");
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        outboxes.start(target, OutboxFixture.settings(it -> it.maxAttempts = 1));
        await().until(() -> target.timesSent(event) >= 4);
        await().until(() -> blocked() == 1);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        target.publishResult = target::applyEntryResult;
        await().until(() -> target.accepted().contains(event) && blocked() == 0);
    }

    private int blocked() {
        return outboxes.jdbc
                .sql("SELECT count(*) FROM outbox_retry WHERE is_blocked")
                .query(Integer.class)
                .single();
    }

    @Test
    void whileTheTargetDoesNotExistNothingIsPublished() {
        target.state = new OutboxTarget.TargetState.TargetMissing();
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        var relay = outboxes.start(target).relay();
        await().until(() -> relay.targetState() instanceof OutboxTarget.TargetState.TargetMissing);
        // A check that fails does not change that.
        target.state = new OutboxTarget.TargetState.TargetUnknown("ServiceUnavailable");
        int looked = target.stateChecks.get();
        await().until(() -> target.stateChecks.get() >= looked + 3);
        assertThat(target.calls).isEmpty();
        assertThat(outboxes.rows("outbox")).isOne();
        target.state = new OutboxTarget.TargetState.TargetExists();
        await().until(() -> target.accepted().contains(event));
    }

    @Test
    void aTargetThatIsDeletedWhileItIsInUseIsNoticed() {
        var relay = outboxes.start(target).relay();
        var before = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> target.accepted().contains(before));
        target.state = new OutboxTarget.TargetState.TargetMissing();
        await().until(() -> relay.targetState() instanceof OutboxTarget.TargetState.TargetMissing);
        var after = outboxes.store(UUID.randomUUID(), "OrderCreated");
        int looked = target.stateChecks.get();
        await().until(() -> target.stateChecks.get() >= looked + 3);
        assertThat(target.sent).doesNotContain(after);
        target.state = new OutboxTarget.TargetState.TargetExists();
        await().until(() -> target.accepted().contains(after));
    }

    @Test
    void afterAFailedCallTheTargetIsCheckedBeforeTheNextCall() {
        // The target was deleted during an outage.
        target.publishResult =
                _ -> {
                    target.state = new OutboxTarget.TargetState.TargetMissing();
                    return new PublishResult.TargetUnavailable("unavailable");
                };
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        var relay =
                outboxes.start(
                                target,
                                OutboxFixture.settings(
                                        it -> it.targetCheckInterval = Duration.ofMinutes(5)))
                        .relay();
        await().until(() -> relay.targetState() instanceof OutboxTarget.TargetState.TargetMissing);
        assertThat(target.timesSent(event)).isOne();
        assertThat(outboxes.rows("outbox")).isOne();
    }

    @Test
    void aRelayThatCannotCheckTheTargetPublishes() {
        target.state = new OutboxTarget.TargetState.TargetUnknown("AccessDeniedException");
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        outboxes.start(target);
        await().until(() -> target.accepted().contains(event));
    }

    // A database that does not respond

    @Test
    void aRelayWhoseDatabaseStopsRespondingContinuesWhenItRespondsAgain() throws Exception {
        var url = PostgresFixture.createDatabase();
        try (var network = TcpProxy.to(url);
                var behind =
                        new OutboxFixture(
                                network.through(url),
                                new DatabaseTimeoutProperties(
                                        Duration.ofSeconds(3),
                                        Duration.ofSeconds(3),
                                        Duration.ofSeconds(1),
                                        Duration.ofHours(1),
                                        Duration.ofMillis(250),
                                        Duration.ofSeconds(30)))) {
            behind.start(
                    target, OutboxFixture.settings(it -> it.leaseDuration = Duration.ofSeconds(2)));
            var before = behind.store(UUID.randomUUID(), "OrderCreated");
            await().until(() -> target.accepted().contains(before));
            network.dropTraffic();
            await().until(() -> network.droppedCount() >= 2);
            network.recover();
            await().ignoreExceptions()
                    .until(() -> !behind.store(UUID.randomUUID(), "OrderCreated").isEmpty());
            await().atMost(Duration.ofSeconds(60)).until(() -> behind.rows("outbox") == 0);
            assertThat(target.accepted()).hasSizeGreaterThanOrEqualTo(2);
        }
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
        assertThat(parkedReasons()).containsExactly("ValidationException");
    }

    @Test
    void anUnavailableTargetParksNoEventAndCountsAsNoAttempt() {
        var isAway = new AtomicBoolean(true);
        target.publishResult =
                events ->
                        isAway.get()
                                ? new PublishResult.TargetUnavailable("unavailable")
                                : target.applyEntryResult(events);
        var events = new ArrayList<String>();
        for (int i = 0; i < 30; i++) {
            events.add(outboxes.store(UUID.randomUUID(), "OrderCreated"));
        }
        outboxes.start(target);
        // More failures than an event may have rejections.
        await().until(() -> target.calls.size() > 5);
        isAway.set(false);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.accepted()).containsExactlyInAnyOrderElementsOf(events);
        assertThat(outboxes.rows("outbox_parked")).isZero();
    }

    // Calls

    @Test
    void aWithheldEventIsNotParkedAndDelaysItsOwnKeyAlone() {
        var large = UUID.randomUUID();
        target.entryResult =
                event ->
                        event.id().startsWith(large.toString())
                                ? new EntryResult.EntryWithheld("S3 is away")
                                : new EntryResult.EntryAccepted();
        outboxes.start(target, OutboxFixture.settings(it -> it.maxAttempts = 2));
        var withheld = outboxes.store(large, "OrderCreated");
        var next = outboxes.store(large, "OrderCancellationRequested");
        var other = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> target.timesSent(withheld) >= 4);
        assertThat(target.accepted()).containsExactly(other);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        target.entryResult = _ -> new EntryResult.EntryAccepted();
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.accepted()).containsExactly(other, withheld, next);
        assertThat(outboxes.rows("outbox_retry")).isZero();
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
        var isAsked = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        target.publishResult =
                events -> {
                    isAsked.countDown();
                    uninterruptibly(mayAnswer);
                    return target.applyEntryResult(events);
                };
        var order = UUID.randomUUID();
        var first = outboxes.store(order, "OrderCreated");
        // The next poll is a minute away.
        var instance =
                outboxes.start(
                        target,
                        OutboxFixture.settings(it -> it.pollInterval = Duration.ofMinutes(1)));
        assertThat(isAsked.await(2, TimeUnit.MINUTES)).isTrue();
        var second = outboxes.store(order, "OrderCancellationRequested");
        instance.relay().wakeUp(order.toString());
        mayAnswer.countDown();
        await().until(() -> target.accepted().equals(List.of(first, second)));
    }

    // Stopping

    @Test
    void aRelayThatStopsCompletesItsCallsAndStartsNoOthers() throws Exception {
        var isAsked = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        target.publishResult =
                events -> {
                    isAsked.countDown();
                    uninterruptibly(mayAnswer);
                    return target.applyEntryResult(events);
                };
        var instance = outboxes.start(target);
        var underWay = outboxes.store(UUID.randomUUID(), "OrderCreated");
        assertThat(isAsked.await(2, TimeUnit.MINUTES)).isTrue();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var stopped =
                    threads.submit(
                            () -> {
                                instance.relay().stop();
                                return true;
                            });
            outboxes.store(UUID.randomUUID(), "OrderCreated");
            mayAnswer.countDown();
            stopped.get(2, TimeUnit.MINUTES);
        }
        assertThat(target.accepted()).contains(underWay);
        assertThat(outboxes.jdbc.sql("SELECT event_id FROM outbox").query(String.class).list())
                .doesNotContain(underWay);
        assertThat(outboxes.shardsOf(instance)).isZero();
        assertThat(outboxes.rows("outbox_relay")).isZero();
    }

    @Test
    void aShortFailureOfTheDatabaseCausesNoRepeat() {
        var instance = outboxes.start(target);
        target.publishResult =
                events -> {
                    instance.database().block();
                    return target.applyEntryResult(events);
                };
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> instance.database().hasBlockedCaller() && !target.accepted().isEmpty());
        target.publishResult = target::applyEntryResult;
        instance.database().fail();
        instance.database().unblock();
        await().until(() -> instance.database().failures() > 0);
        instance.database().restore();
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.accepted()).containsExactly(event);
    }

    @Test
    void aRelayThatStopsWaitsForAFailingDatabase() throws Exception {
        var instance = outboxes.start(target);
        target.publishResult =
                events -> {
                    instance.database().fail();
                    return target.applyEntryResult(events);
                };
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> instance.database().failures() > 0 && !target.accepted().isEmpty());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var stopped =
                    threads.submit(
                            () -> {
                                instance.relay().stop();
                                return true;
                            });
            instance.database().restore();
            stopped.get(2, TimeUnit.MINUTES);
        }
        assertThat(target.accepted()).containsExactly(event);
        assertThat(outboxes.rows("outbox")).isZero();
        assertThat(outboxes.shardsOf(instance)).isZero();
    }

    private List<String> parkedReasons() {
        return outboxes.jdbc
                .sql("SELECT reason FROM outbox_parked ORDER BY id")
                .query(String.class)
                .list();
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

    private static List<String> firstTimes(List<String> accepted, UUID order) {
        return accepted.stream()
                .filter(event -> event.startsWith(order.toString()))
                .map(event -> event.substring(event.indexOf('/') + 1))
                .distinct()
                .toList();
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(2, TimeUnit.MINUTES);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    // The floor of the scans

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

    // Scheduled events

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

    // Targets

    @Test
    void aRelayPublishesTheEventsOfItsOwnTargetAlone() {
        outboxes.start(target);
        var other = new RecordingTarget();
        outboxes.publish("other", OutboxEvent.unordered("Other", EventPayload.json("{}")));
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> target.accepted().contains(event));
        await().until(() -> outboxes.rows("outbox") == 1);
        outboxes.start("other", other);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.accepted()).containsExactly(event);
        assertThat(other.accepted()).hasSize(1);
    }

    // Discarding

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
}
