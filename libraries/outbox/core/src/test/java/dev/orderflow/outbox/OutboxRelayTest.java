package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.database.DatabaseTimeoutProperties;
import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.TcpProxy;
import dev.orderflow.outbox.OutboxTarget.EntryResult;
import dev.orderflow.outbox.OutboxTarget.PublishResult;
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

class OutboxRelayTest {

    private final OutboxFixture outboxes = new OutboxFixture();
    private final RecordingTarget bus = new RecordingTarget();

    @AfterEach
    void close() throws InterruptedException {
        outboxes.close();
    }

    // Several relays

    @Test
    void severalRelaysAtOnceLoseNothingAndKeepEachOrdersSequence() throws Exception {
        // A bus that is often away, busy or deaf to an event, and sometimes loses its answer.
        bus.publishResult =
                events ->
                        switch (ThreadLocalRandom.current().nextInt(12)) {
                            case 0 -> new PublishResult.TargetUnavailable("away");
                            case 1 -> {
                                bus.applyEntryResult(events);
                                yield new PublishResult.TargetUnavailable("the answer is lost");
                            }
                            default -> bus.applyEntryResult(events);
                        };
        bus.entryResult =
                _ ->
                        switch (ThreadLocalRandom.current().nextInt(20)) {
                            case 0 -> new EntryResult.EntryThrottled();
                            case 1 -> new EntryResult.EntryRejected("InternalFailure");
                            default -> new EntryResult.EntryAccepted();
                        };
        var properties =
                OutboxFixture.settings(
                        it -> {
                            // Its margin outlasts the stalls of a busy machine's threads.
                            it.leaseDuration = Duration.ofSeconds(3);
                            it.maxAttempts = 100;
                        });
        var stopping = outboxes.start(bus, properties);
        var pausing = outboxes.start(bus, properties);
        outboxes.start(bus, properties);
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
            // Meanwhile one stops, one is paused until others have taken over, and one comes anew.
            stopping.relay().stop();
            pausing.database().block();
            outboxes.start(bus, properties);
            await().atMost(Duration.ofSeconds(30)).until(() -> outboxes.shardsOf(pausing) == 0);
            pausing.database().unblock();
            for (var each : written) {
                each.get();
            }
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> outboxes.rows("outbox") == 0);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        assertThat(outboxes.rows("outbox_retry")).isZero();
        var accepted = bus.accepted();
        for (var order : orders) {
            assertThat(firstTimes(accepted, order))
                    .containsExactly("Event1", "Event2", "Event3", "Event4", "Event5");
        }
    }

    @Test
    void relaysShareTheShardsFairly() {
        var lease = OutboxFixture.settings(it -> it.leaseDuration = Duration.ofSeconds(1));
        var first = outboxes.start(bus, lease);
        await().until(() -> outboxes.shardsOf(first) == 16);
        var second = outboxes.start(bus, lease);
        await().until(() -> outboxes.shardsOf(first) == 8 && outboxes.shardsOf(second) == 8);
    }

    @Test
    void aRelayThatStopsHandsItsShardsOverAtOnce() throws Exception {
        // The lease outlasts the test, so it was not its end that freed them.
        var first = outboxes.start(bus);
        await().until(() -> outboxes.shardsOf(first) == 16);
        first.relay().stop();
        var second = outboxes.start(bus);
        await().until(() -> outboxes.shardsOf(second) == 16);
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> bus.accepted().contains(event));
    }

    @Test
    void aRelayThatDiesBetweenPublishingAndDeletingLeavesTheEventToAnotherUnderTheSameId() {
        var lease = OutboxFixture.shortLease();
        var dying = outboxes.start(bus, lease);
        await().until(() -> outboxes.shardsOf(dying) == 16);
        bus.publishResult =
                events -> {
                    dying.database().fail();
                    return bus.applyEntryResult(events);
                };
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> bus.accepted().equals(List.of(event)));
        bus.publishResult = bus::applyEntryResult;
        outboxes.start(bus, lease);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(bus.accepted()).containsExactly(event, event);
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
        outboxes.start(new ClaimCheckTarget(bus, details, ClaimCheckFormat.json(), 1), lease);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(bus.accepted()).containsExactly(event);
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
        var paused = outboxes.start(bus, lease);
        await().until(() -> outboxes.shardsOf(paused) == 16);
        // The paused one is about to learn that its event is refused for good, which parks it.
        var isAsked = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        bus.publishResult =
                _ -> {
                    isAsked.countDown();
                    uninterruptibly(mayAnswer);
                    return new PublishResult.EntryResults(
                            List.of(new EntryResult.EntryRejected("no")));
                };
        var event = outboxes.store(order, "OrderCreated");
        assertThat(isAsked.await(20, TimeUnit.SECONDS)).isTrue();
        paused.database().block();
        await().until(paused.database()::hasBlockedCaller);

        // Another takes over, and is in the middle of publishing the same event.
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
        assertThat(isTakenOver.await(20, TimeUnit.SECONDS)).isTrue();

        mayAnswer.countDown();
        paused.database().unblock();
        // The paused one has settled its refusal once it is in the business of leases again.
        await().until(() -> outboxes.shardsOf(paused) > 0);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        assertThat(outboxes.rows("outbox_retry")).isZero();
        mayAccept.countDown();
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(others.accepted()).containsExactly(event);
    }

    @Test
    void whoeverLostAShardNeitherReadsNorParksNorPutsOff() {
        var lease = OutboxFixture.shortLease();
        var order = UUID.randomUUID();
        var first = outboxes.instance(bus, lease);
        var held = first.leases().acquireOrRenew().leases();
        assertThat(held).hasSize(16);
        outboxes.store(order, "OrderCreated");
        var event = first.repository().findOldest(held.keySet(), List.of(), 0, 10).getFirst();
        var token = held.get(Shard.of(order.toString())).token();

        var second = outboxes.instance(bus, lease);
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

    // Refusals

    @Test
    void anEntryThatIsRefusedComesBackWhileItsNeighboursAreDone() {
        var refusals = ConcurrentHashMap.<String>newKeySet();
        var events = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            events.add(outboxes.store(UUID.randomUUID(), "OrderCreated"));
        }
        var bad = Set.copyOf(events.subList(0, 3));
        bus.entryResult =
                event ->
                        bad.contains(event.id()) && refusals.add(event.id())
                                ? new EntryResult.EntryRejected("InternalFailure")
                                : new EntryResult.EntryAccepted();
        outboxes.start(bus);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(bus.accepted()).containsExactlyInAnyOrderElementsOf(events);
        events.forEach(
                event -> assertThat(bus.timesSent(event)).isEqualTo(bad.contains(event) ? 2 : 1));
        assertThat(outboxes.rows("outbox_retry")).isZero();
    }

    @Test
    void aPoisonedEventIsParkedWithItsReasonAndOnlyItsOrderWaits() {
        var sick = UUID.randomUUID();
        var poison = outboxes.store(sick, "OrderCreated");
        var later = outboxes.store(sick, "OrderCancellationRequested");
        var healthy = outboxes.store(UUID.randomUUID(), "OrderCreated");
        bus.entryResult =
                event ->
                        event.id().equals(poison)
                                ? new EntryResult.EntryRejected("Malformed\0Detail")
                                : new EntryResult.EntryAccepted();
        outboxes.start(bus);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(bus.accepted()).containsExactly(healthy);
        assertThat(bus.timesSent(poison)).isEqualTo(3);
        assertThat(bus.timesSent(later)).isZero();
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

    @Test
    void parkedEventsThatAreReleasedAreSentInTheirSequence() {
        var order = UUID.randomUUID();
        var first = outboxes.store(order, "OrderCreated");
        var second = outboxes.store(order, "OrderCancellationRequested");
        bus.entryResult = _ -> new EntryResult.EntryRejected("no");
        outboxes.start(bus);
        await().until(() -> outboxes.rows("outbox_parked") == 2);
        bus.entryResult = _ -> new EntryResult.EntryAccepted();
        assertThat(outboxes.parkedEvents().releaseKey(order.toString()))
                .isEqualTo(new ParkedEvents.ReleaseResult(1, 2));
        await().until(() -> bus.accepted().size() == 2);
        assertThat(bus.accepted()).containsExactly(first, second);
    }

    @Test
    void allThatIsParkedForAReasonIsReleasedAtOnceWithTheLaterEventsOfItsOrders() {
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
        outboxes.start(bus);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(firstTimes(bus.accepted(), orders.getFirst()))
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

    // A bus that fails, is closed or does not exist

    @Test
    void eventsThatTheBusFailsToTakeForHoweverLongAreNotParkedAndGoOutInSequence() {
        bus.entryResult = _ -> new EntryResult.EntryFailed("InternalFailure");
        var order = UUID.randomUUID();
        var events = List.of(outboxes.store(order, "First"), outboxes.store(order, "Second"));
        var others =
                IntStream.range(0, 30)
                        .mapToObj(_ -> outboxes.store(UUID.randomUUID(), "OrderCreated"))
                        .toList();
        // Many more tries than park an event that is refused.
        outboxes.start(bus, OutboxFixture.settings(it -> it.maxAttempts = 2));
        await().until(() -> bus.timesSent(events.getFirst()) >= 12);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        assertThat(bus.sent).doesNotContain(events.get(1));
        bus.entryResult = _ -> new EntryResult.EntryAccepted();
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(firstTimes(bus.accepted(), order)).containsExactly("First", "Second");
        assertThat(bus.accepted()).containsAll(others);
        assertThat(outboxes.rows("outbox_retry")).isZero();
    }

    @Test
    void anEventThatTheBusNeverManagesToTakeHoldsUpItsOwnOrderAlone() {
        var sick = UUID.randomUUID();
        var stuck = outboxes.store(sick, "OrderCreated");
        bus.entryResult =
                event ->
                        event.id().startsWith(sick.toString())
                                ? new EntryResult.EntryFailed("InternalFailure")
                                : new EntryResult.EntryAccepted();
        outboxes.start(bus, OutboxFixture.settings(it -> it.maxAttempts = 1));
        await().until(() -> bus.timesSent(stuck) >= 3);
        for (int i = 0; i < 5; i++) {
            var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
            await().until(() -> bus.accepted().contains(event));
        }
        await().until(() -> outboxes.rows("outbox") == 1);
        assertThat(outboxes.rows("outbox_parked")).isZero();
    }

    @Test
    void failuresThatAnEventHasNothingToDoWithDoNotCountWhenItIsRefusedLater() {
        var failures = new AtomicInteger();
        bus.entryResult =
                _ ->
                        failures.incrementAndGet() <= 8
                                ? new EntryResult.EntryFailed("InternalFailure")
                                : failures.get() <= 10
                                        ? new EntryResult.EntryRejected("MalformedDetail")
                                        : new EntryResult.EntryAccepted();
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        outboxes.start(bus, OutboxFixture.settings(it -> it.maxAttempts = 3));
        await().until(() -> bus.accepted().contains(event));
        assertThat(outboxes.rows("outbox_parked")).isZero();
    }

    @Test
    void entriesThatTheBusDoesNotLetInParkNothingAndAreCountedUntilItDoes() {
        bus.entryResult =
                event ->
                        event.type().equals("Forbidden")
                                ? new EntryResult.EntryBlocked(
                                        "NotAuthorizedForDetailTypeException")
                                : new EntryResult.EntryAccepted();
        var order = UUID.randomUUID();
        var forbidden = outboxes.store(order, "Forbidden");
        var other = outboxes.store(UUID.randomUUID(), "OrderCreated");
        outboxes.start(bus, OutboxFixture.settings(it -> it.maxAttempts = 1));
        await().until(() -> bus.timesSent(forbidden) >= 4 && bus.accepted().contains(other));
        await().until(() -> blocked() == 1);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        bus.entryResult = _ -> new EntryResult.EntryAccepted();
        await().until(() -> bus.accepted().contains(forbidden));
        await().until(() -> blocked() == 0);
    }

    @Test
    void aCallThatIsNotLetInParksNothingAndIsCountedUntilItIs() {
        bus.publishResult = _ -> new PublishResult.CallBlocked("AccessDeniedException");
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        outboxes.start(bus, OutboxFixture.settings(it -> it.maxAttempts = 1));
        await().until(() -> bus.timesSent(event) >= 4);
        await().until(() -> blocked() == 1);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        bus.publishResult = bus::applyEntryResult;
        await().until(() -> bus.accepted().contains(event) && blocked() == 0);
    }

    private int blocked() {
        return outboxes.jdbc
                .sql("SELECT count(*) FROM outbox_retry WHERE is_blocked")
                .query(Integer.class)
                .single();
    }

    @Test
    void whileTheBusDoesNotExistNothingIsTakenFromTheOutbox() {
        bus.state = new OutboxTarget.TargetState.TargetMissing();
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        var relay = outboxes.start(bus).relay();
        await().until(() -> relay.targetState() instanceof OutboxTarget.TargetState.TargetMissing);
        // An answer that says nothing does not bring it back.
        bus.state = new OutboxTarget.TargetState.TargetUnknown("ServiceUnavailable");
        int looked = bus.stateChecks.get();
        await().until(() -> bus.stateChecks.get() >= looked + 3);
        assertThat(bus.calls).isEmpty();
        assertThat(outboxes.rows("outbox")).isOne();
        bus.state = new OutboxTarget.TargetState.TargetExists();
        await().until(() -> bus.accepted().contains(event));
    }

    @Test
    void aBusThatVanishesWhileItIsUsedIsNoticed() {
        var relay = outboxes.start(bus).relay();
        var before = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> bus.accepted().contains(before));
        bus.state = new OutboxTarget.TargetState.TargetMissing();
        await().until(() -> relay.targetState() instanceof OutboxTarget.TargetState.TargetMissing);
        var after = outboxes.store(UUID.randomUUID(), "OrderCreated");
        int looked = bus.stateChecks.get();
        await().until(() -> bus.stateChecks.get() >= looked + 3);
        assertThat(bus.sent).doesNotContain(after);
        bus.state = new OutboxTarget.TargetState.TargetExists();
        await().until(() -> bus.accepted().contains(after));
    }

    @Test
    void afterAFailedCallTheBusIsLookedForBeforeTheNextOne() {
        // As a recreated EventBridge would be: away first, then there and without the bus.
        bus.publishResult =
                _ -> {
                    bus.state = new OutboxTarget.TargetState.TargetMissing();
                    return new PublishResult.TargetUnavailable("away");
                };
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        var relay =
                outboxes.start(
                                bus,
                                OutboxFixture.settings(
                                        it -> it.targetCheckInterval = Duration.ofMinutes(5)))
                        .relay();
        await().until(() -> relay.targetState() instanceof OutboxTarget.TargetState.TargetMissing);
        assertThat(bus.timesSent(event)).isOne();
        assertThat(outboxes.rows("outbox")).isOne();
    }

    @Test
    void aRelayThatCannotFindOutAboutTheBusPublishes() {
        bus.state = new OutboxTarget.TargetState.TargetUnknown("AccessDeniedException");
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        outboxes.start(bus);
        await().until(() -> bus.accepted().contains(event));
    }

    // A database that falls silent

    @Test
    void aRelayWhoseDatabaseFallsSilentGoesOnWhenItAnswersAgain() throws Exception {
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
                    bus, OutboxFixture.settings(it -> it.leaseDuration = Duration.ofSeconds(2)));
            var before = behind.store(UUID.randomUUID(), "OrderCreated");
            await().until(() -> bus.accepted().contains(before));
            network.dropTraffic();
            await().until(() -> network.droppedCount() >= 2);
            network.recover();
            await().ignoreExceptions()
                    .until(() -> !behind.store(UUID.randomUUID(), "OrderCreated").isEmpty());
            await().atMost(Duration.ofSeconds(60)).until(() -> behind.rows("outbox") == 0);
            assertThat(bus.accepted()).hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void manyOrdersThatAreNotDueDoNotKeepOthersFromMemory() {
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
        bus.entryResult =
                event ->
                        bad.contains(event.id())
                                ? new EntryResult.EntryRejected("no")
                                : new EntryResult.EntryAccepted();
        outboxes.start(bus, properties);
        await().until(() -> outboxes.rows("outbox_retry") == 60);
        var good = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> bus.accepted().equals(List.of(good)));
    }

    @Test
    void aCallThatIsRefusedAsAWholeIsTakenApartToFindTheBadEvent() {
        var events = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            events.add(outboxes.store(UUID.randomUUID(), "OrderCreated"));
        }
        var bad = events.get(4);
        bus.publishResult =
                call ->
                        call.stream().anyMatch(event -> event.id().equals(bad))
                                ? new PublishResult.CallRejected(
                                        new EntryResult.EntryRejected("ValidationException"))
                                : bus.applyEntryResult(call);
        outboxes.start(bus);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(bus.accepted()).hasSize(9).doesNotContain(bad);
        assertThat(parkedReasons()).containsExactly("ValidationException");
    }

    @Test
    void aBusThatIsAwayParksNothingAndCountsAgainstNoEvent() {
        var isAway = new AtomicBoolean(true);
        bus.publishResult =
                events ->
                        isAway.get()
                                ? new PublishResult.TargetUnavailable("away")
                                : bus.applyEntryResult(events);
        var events = new ArrayList<String>();
        for (int i = 0; i < 30; i++) {
            events.add(outboxes.store(UUID.randomUUID(), "OrderCreated"));
        }
        outboxes.start(bus);
        // More failures than an event may have refusals.
        await().until(() -> bus.calls.size() > 5);
        isAway.set(false);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(bus.accepted()).containsExactlyInAnyOrderElementsOf(events);
        assertThat(outboxes.rows("outbox_parked")).isZero();
    }

    // Calls

    @Test
    void anEventThatIsWithheldForHoweverLongIsNotParkedAndNoNeighbourWaits() {
        var large = UUID.randomUUID();
        bus.entryResult =
                event ->
                        event.id().startsWith(large.toString())
                                ? new EntryResult.EntryWithheld("S3 is away")
                                : new EntryResult.EntryAccepted();
        outboxes.start(bus, OutboxFixture.settings(it -> it.maxAttempts = 2));
        var withheld = outboxes.store(large, "OrderCreated");
        var next = outboxes.store(large, "OrderCancellationRequested");
        var other = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> bus.timesSent(withheld) >= 4);
        assertThat(bus.accepted()).containsExactly(other);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        bus.entryResult = _ -> new EntryResult.EntryAccepted();
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(bus.accepted()).containsExactly(other, withheld, next);
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
        outboxes.start(bus);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(bus.calls)
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
        bus.publishResult =
                events -> {
                    meet(together);
                    openTransactions.put(openTransactions(), true);
                    meet(together);
                    return bus.applyEntryResult(events);
                };
        for (int i = 0; i < 40; i++) {
            outboxes.store(UUID.randomUUID(), "OrderCreated");
        }
        outboxes.start(bus);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(bus.calls).hasSize(4);
        assertThat(openTransactions).containsOnlyKeys(0);
    }

    @Test
    void aNewEventIsSentAtOnceWhenTheRelayIsWoken() {
        // The next look of its own accord is a minute away.
        var properties = OutboxFixture.settings(it -> it.pollInterval = Duration.ofMinutes(1));
        var instance = outboxes.start(bus, properties);
        await().until(() -> outboxes.shardsOf(instance) == 16);
        var order = UUID.randomUUID();
        var first = outboxes.store(order, "OrderCreated");
        instance.relay().wakeUp(order.toString());
        await().until(() -> bus.accepted().equals(List.of(first)));
    }

    @Test
    void anEventStoredWhileItsOrderIsUnderWayFollowsAtOnce() throws Exception {
        var isAsked = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        bus.publishResult =
                events -> {
                    isAsked.countDown();
                    uninterruptibly(mayAnswer);
                    return bus.applyEntryResult(events);
                };
        var order = UUID.randomUUID();
        var first = outboxes.store(order, "OrderCreated");
        // The next look of its own accord is a minute away.
        var instance =
                outboxes.start(
                        bus, OutboxFixture.settings(it -> it.pollInterval = Duration.ofMinutes(1)));
        assertThat(isAsked.await(20, TimeUnit.SECONDS)).isTrue();
        var second = outboxes.store(order, "OrderCancellationRequested");
        instance.relay().wakeUp(order.toString());
        mayAnswer.countDown();
        await().until(() -> bus.accepted().equals(List.of(first, second)));
    }

    // Stopping

    @Test
    void aRelayThatStopsFinishesWhatIsUnderWayAndTakesNothingNew() throws Exception {
        var isAsked = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        bus.publishResult =
                events -> {
                    isAsked.countDown();
                    uninterruptibly(mayAnswer);
                    return bus.applyEntryResult(events);
                };
        var instance = outboxes.start(bus);
        var underWay = outboxes.store(UUID.randomUUID(), "OrderCreated");
        assertThat(isAsked.await(20, TimeUnit.SECONDS)).isTrue();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var stopped =
                    threads.submit(
                            () -> {
                                instance.relay().stop();
                                return true;
                            });
            outboxes.store(UUID.randomUUID(), "OrderCreated");
            mayAnswer.countDown();
            stopped.get(20, TimeUnit.SECONDS);
        }
        assertThat(bus.accepted()).contains(underWay);
        assertThat(outboxes.jdbc.sql("SELECT event_id FROM outbox").query(String.class).list())
                .doesNotContain(underWay);
        assertThat(outboxes.shardsOf(instance)).isZero();
        assertThat(outboxes.rows("outbox_relay")).isZero();
    }

    @Test
    void aDatabaseThatFailsForAMomentMakesNothingGoOutTwice() {
        var instance = outboxes.start(bus);
        bus.publishResult =
                events -> {
                    instance.database().block();
                    return bus.applyEntryResult(events);
                };
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> instance.database().hasBlockedCaller() && !bus.accepted().isEmpty());
        bus.publishResult = bus::applyEntryResult;
        instance.database().fail();
        instance.database().unblock();
        await().until(() -> instance.database().failures() > 0);
        instance.database().restore();
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(bus.accepted()).containsExactly(event);
    }

    @Test
    void aDatabaseThatFailsWhileTheRelayStopsIsWaitedFor() throws Exception {
        var instance = outboxes.start(bus);
        bus.publishResult =
                events -> {
                    instance.database().fail();
                    return bus.applyEntryResult(events);
                };
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> instance.database().failures() > 0 && !bus.accepted().isEmpty());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var stopped =
                    threads.submit(
                            () -> {
                                instance.relay().stop();
                                return true;
                            });
            instance.database().restore();
            stopped.get(20, TimeUnit.SECONDS);
        }
        assertThat(bus.accepted()).containsExactly(event);
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
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    // The floor of the scans

    @Test
    void publishedRowsThatALongSnapshotKeepsAreNotReadAgain() throws Exception {
        var relay = outboxes.start(bus).relay();
        try (var snapshot = outboxes.openSnapshot()) {
            for (int i = 0; i < 300; i++) {
                outboxes.store(UUID.randomUUID(), "OrderCreated");
            }
            await().until(() -> outboxes.rows("outbox") == 0);
            await().until(() -> relay.scanFloor() == 301);
            var late = outboxes.store(UUID.randomUUID(), "OrderCreated");
            await().until(() -> bus.accepted().contains(late));
            snapshot.rollback();
        }
    }

    @Test
    void anEventThatIsCommittedAfterOnesWithHigherIdsIsPublished() throws Exception {
        // A full scan is too far away to find it.
        var relay =
                outboxes.start(
                                bus,
                                OutboxFixture.settings(
                                        it -> it.fullScanInterval = Duration.ofMinutes(10)))
                        .relay();
        var slow = UUID.randomUUID();
        try (var transaction = outboxes.openTransaction()) {
            outboxes.store(transaction, slow, "OrderCreated");
            for (int i = 0; i < 20; i++) {
                outboxes.store(UUID.randomUUID(), "OrderCreated");
            }
            await().until(() -> bus.accepted().size() == 20);
            transaction.commit();
        }
        await().until(() -> bus.accepted().contains(slow + "/OrderCreated"));
        await().until(() -> relay.scanFloor() == 22);
    }

    @Test
    void aReleasedEventIsPublishedAlthoughItsIdIsBelowTheFloor() {
        var order = UUID.randomUUID();
        bus.entryResult =
                event ->
                        event.key().equals(order.toString())
                                ? new EntryResult.EntryRejected("no")
                                : new EntryResult.EntryAccepted();
        var event = outboxes.store(order, "OrderCreated");
        var relay = outboxes.start(bus).relay();
        await().until(() -> outboxes.rows("outbox_parked") == 1);
        for (int i = 0; i < 20; i++) {
            outboxes.store(UUID.randomUUID(), "OrderCreated");
        }
        await().until(() -> relay.scanFloor() == 22);
        bus.entryResult = _ -> new EntryResult.EntryAccepted();
        outboxes.parkedEvents().releaseEvent(event);
        await().until(() -> bus.accepted().contains(event));
        assertThat(outboxes.released).containsExactly(order.toString());
    }

    // Scheduled events

    @Test
    void aScheduledEventIsPublishedAtItsTimeAndNotBefore() {
        var relay = outboxes.start(bus).relay();
        var far =
                OutboxEvent.of("Reminder", "order-1", EventPayload.json("{}"))
                        .withDeliverAt(Instant.now().plusSeconds(3_600));
        var soon =
                OutboxEvent.of("Reminder", "order-1", EventPayload.json("{}"))
                        .withDeliverAt(Instant.now().minusSeconds(1));
        outboxes.publish(far);
        outboxes.publish(soon);
        await().until(() -> bus.accepted().contains(soon.id()));
        // What is published in the meantime is not held back.
        var now = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> bus.accepted().contains(now));
        assertThat(bus.sent).doesNotContain(far.id());
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
        outboxes.start(bus);
        await().until(() -> bus.accepted().size() == 5);
        assertThat(bus.accepted()).containsExactlyElementsOf(ids);
    }

    // Targets

    @Test
    void aRelayPublishesTheEventsOfItsOwnTargetAlone() {
        outboxes.start(bus);
        var other = new RecordingTarget();
        outboxes.publish("other", OutboxEvent.unordered("Other", EventPayload.json("{}")));
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> bus.accepted().contains(event));
        await().until(() -> outboxes.rows("outbox") == 1);
        outboxes.start("other", other);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(bus.accepted()).containsExactly(event);
        assertThat(other.accepted()).hasSize(1);
    }

    // Discarding

    @Test
    void aDiscardedEventIsKeptWithItsReasonAndNoLongerHoldsBackItsKey() {
        var order = UUID.randomUUID();
        var bad = outboxes.store(order, "OrderCreated");
        bus.entryResult =
                event ->
                        event.id().equals(bad)
                                ? new EntryResult.EntryRejected("no")
                                : new EntryResult.EntryAccepted();
        outboxes.start(bus);
        await().until(() -> outboxes.rows("outbox_parked") == 1);
        var parked = outboxes.parkedEvents();
        assertThat(parked.discard("no such event", "unknown")).isFalse();
        assertThat(parked.discard(bad, "sent by hand")).isTrue();
        assertThat(parked.discard(bad, "sent by hand")).isFalse();
        assertThat(outboxes.rows("outbox_parked")).isZero();
        assertThat(outboxes.rows("outbox_discarded")).isOne();
        assertThat(outboxes.released).containsExactly(order.toString());
        var next = outboxes.store(order, "OrderCancellationRequested");
        await().until(() -> bus.accepted().contains(next));
    }
}
