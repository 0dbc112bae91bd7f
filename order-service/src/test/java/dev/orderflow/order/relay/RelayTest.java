package dev.orderflow.order.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.ClaimCheck;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.defaults.database.DatabaseTimeoutProperties;
import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.TcpProxy;
import dev.orderflow.order.outbox.Shard;
import dev.orderflow.order.relay.EventBus.Answer;
import dev.orderflow.order.relay.EventBus.Verdict;
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

class RelayTest {

    private final Outboxes outboxes = new Outboxes();
    private final RecordingBus bus = new RecordingBus();

    @AfterEach
    void close() throws InterruptedException {
        outboxes.close();
    }

    // Several relays

    @Test
    void severalRelaysAtOnceLoseNothingAndKeepEachOrdersSequence() throws Exception {
        // A bus that is often away, busy or deaf to an event, and sometimes loses its answer.
        bus.answer =
                events ->
                        switch (ThreadLocalRandom.current().nextInt(12)) {
                            case 0 -> new Answer.Unavailable("away");
                            case 1 -> {
                                bus.judge(events);
                                yield new Answer.Unavailable("the answer is lost");
                            }
                            default -> bus.judge(events);
                        };
        bus.verdict =
                _ ->
                        switch (ThreadLocalRandom.current().nextInt(20)) {
                            case 0 -> new Verdict.TooBusy();
                            case 1 -> new Verdict.Refused("InternalFailure");
                            default -> new Verdict.Accepted();
                        };
        var properties =
                Outboxes.with(
                        it -> {
                            // Its margin outlasts the stalls of a busy machine's threads.
                            it.lease = Duration.ofSeconds(3);
                            it.attempts = 100;
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
            pausing.cable().hold();
            outboxes.start(bus, properties);
            await().atMost(Duration.ofSeconds(30)).until(() -> outboxes.shardsOf(pausing) == 0);
            pausing.cable().letGo();
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
        var lease = Outboxes.with(it -> it.lease = Duration.ofSeconds(1));
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
        var lease = Outboxes.shortLease();
        var dying = outboxes.start(bus, lease);
        await().until(() -> outboxes.shardsOf(dying) == 16);
        bus.answer =
                events -> {
                    dying.cable().cut();
                    return bus.judge(events);
                };
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> bus.accepted().equals(List.of(event)));
        bus.answer = bus::judge;
        outboxes.start(bus, lease);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(bus.accepted()).containsExactly(event, event);
        dying.cable().mend();
    }

    @Test
    void aRelayThatDiesBetweenKeepingALargeDetailAndPublishingLeavesBothToAnother() {
        var lease = Outboxes.shortLease();
        var kept = new CopyOnWriteArrayList<OutgoingEvent>();
        LargeDetails details =
                event -> {
                    kept.add(event);
                    return new LargeDetails.Kept.At(
                            new ClaimCheck.PayloadLocation(
                                    "ours", "events/k.json", 1, "0".repeat(64)));
                };
        var dead = new RecordingBus();
        dead.answer =
                _ -> {
                    throw new IllegalStateException("the process died before it could publish");
                };
        var order = UUID.randomUUID();
        var cutOff = outboxes.start(new ClaimCheckingBus(dead, details, 1), lease);
        await().until(() -> outboxes.shardsOf(cutOff) == 16);
        var event = outboxes.store(order, "OrderCancellationRequested", cancellation(order));
        await().until(() -> !kept.isEmpty());
        cutOff.cable().cut();
        outboxes.start(new ClaimCheckingBus(bus, details, 1), lease);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(bus.accepted()).containsExactly(event);
        assertThat(kept).hasSizeGreaterThan(1);
        assertThat(Set.copyOf(kept)).hasSize(1);
        cutOff.cable().mend();
    }

    private static String cancellation(UUID order) {
        return MessageCodec.write(
                new OrderCancellationRequested(
                        OrderEvent.idOf(order, OrderCancellationRequested.class),
                        1,
                        Instant.EPOCH,
                        order,
                        2,
                        "cust-1",
                        null));
    }

    @Test
    void anOwnerThatWasPausedIsFencedWhenItComesBack() throws Exception {
        var lease =
                Outboxes.with(
                        it -> {
                            it.lease = Duration.ofMillis(600);
                            it.attempts = 1;
                        });
        var order = UUID.randomUUID();
        var paused = outboxes.start(bus, lease);
        await().until(() -> outboxes.shardsOf(paused) == 16);
        // The paused one is about to learn that its event is refused for good, which parks it.
        var isAsked = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        bus.answer =
                _ -> {
                    isAsked.countDown();
                    uninterruptibly(mayAnswer);
                    return new Answer.Each(List.of(new Verdict.Refused("no")));
                };
        var event = outboxes.store(order, "OrderCreated");
        assertThat(isAsked.await(20, TimeUnit.SECONDS)).isTrue();
        paused.cable().hold();
        await().until(paused.cable()::holdsSomebody);

        // Another takes over, and is in the middle of publishing the same event.
        var others = new RecordingBus();
        var isTakenOver = new CountDownLatch(1);
        var mayAccept = new CountDownLatch(1);
        others.answer =
                events -> {
                    isTakenOver.countDown();
                    uninterruptibly(mayAccept);
                    return others.judge(events);
                };
        var second = outboxes.start(others, lease);
        assertThat(isTakenOver.await(20, TimeUnit.SECONDS)).isTrue();

        mayAnswer.countDown();
        paused.cable().letGo();
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
        var lease = Outboxes.shortLease();
        var order = UUID.randomUUID();
        var first = outboxes.instance(bus, lease);
        var held = first.leases().keep().leases();
        assertThat(held).hasSize(16);
        outboxes.store(order, "OrderCreated");
        var event = first.backlog().oldest(held.keySet(), List.of(), 10).getFirst();
        var token = held.get(Shard.of(order)).token();

        var second = outboxes.instance(bus, lease);
        await().until(() -> second.leases().keep().leases().containsKey(Shard.of(order)));

        assertThat(first.backlog().oldest(held.keySet(), List.of(), 10)).isEmpty();
        assertThat(
                        first.backlog()
                                .putOff(
                                        List.of(
                                                new Backlog.Postponed(
                                                        event,
                                                        token,
                                                        1,
                                                        0,
                                                        false,
                                                        Duration.ZERO,
                                                        "no"))))
                .isZero();
        assertThat(first.backlog().park(event, token, 3, "no")).isFalse();
        assertThat(held.get(Shard.of(order)).isSure(System.nanoTime())).isFalse();
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
        bus.verdict =
                event ->
                        bad.contains(event.eventId()) && refusals.add(event.eventId())
                                ? new Verdict.Refused("InternalFailure")
                                : new Verdict.Accepted();
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
        bus.verdict =
                event ->
                        event.eventId().equals(poison)
                                ? new Verdict.Refused("Malformed\0Detail")
                                : new Verdict.Accepted();
        outboxes.start(bus);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(bus.accepted()).containsExactly(healthy);
        assertThat(bus.timesSent(poison)).isEqualTo(3);
        assertThat(bus.timesSent(later)).isZero();
        assertThat(parkedReasons())
                .containsExactly("Malformed?Detail", "an earlier event of its order is parked");
        assertThat(outboxes.parked)
                .containsExactly(
                        sick + " OrderCreated: Malformed?Detail",
                        sick
                                + " OrderCancellationRequested: an earlier event of its order is"
                                + " parked");
        assertThat(outboxes.rows("outbox_retry")).isZero();
        assertThat(outboxes.meters.counter("outbox.events", "outcome", "parked").count())
                .isEqualTo(2);
    }

    @Test
    void parkedEventsThatAreReleasedAreSentInTheirSequence() {
        var order = UUID.randomUUID();
        var first = outboxes.store(order, "OrderCreated");
        var second = outboxes.store(order, "OrderCancellationRequested");
        bus.verdict = _ -> new Verdict.Refused("no");
        outboxes.start(bus);
        await().until(() -> outboxes.rows("outbox_parked") == 2);
        bus.verdict = _ -> new Verdict.Accepted();
        assertThat(outboxes.parkedEvents().release(order))
                .isEqualTo(new ParkedEvents.Released(1, 2));
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
        assertThat(parked.reasons())
                .extracting(ParkedEvents.Reason::reason, ParkedEvents.Reason::orders)
                .contains(tuple("MalformedDetail", 1_200), tuple("InvalidArgument", 1));
        assertThat(parked.release("MalformedDetail"))
                .isEqualTo(new ParkedEvents.Released(1_200, 1_201));
        assertThat(parked.release("MalformedDetail")).isEqualTo(new ParkedEvents.Released(0, 0));
        assertThat(parked.release("no such reason")).isEqualTo(new ParkedEvents.Released(0, 0));
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
                        INSERT INTO outbox_parked (id, shard, order_id, event_id, event_type, detail,
                                                   occurred_at, added_at, attempts, reason)
                        SELECT id, shard, order_id, event_id, event_type, detail, occurred_at, added_at,
                               5, :reason
                        FROM gone
                        """)
                .param("event", event)
                .param("reason", reason)
                .update();
    }

    // A bus that fails, is closed or does not exist

    @Test
    void eventsThatTheBusFailsToTakeForHoweverLongAreNotParkedAndGoOutInSequence() {
        bus.verdict = _ -> new Verdict.Failed("InternalFailure");
        var order = UUID.randomUUID();
        var events = List.of(outboxes.store(order, "First"), outboxes.store(order, "Second"));
        var others =
                IntStream.range(0, 30)
                        .mapToObj(_ -> outboxes.store(UUID.randomUUID(), "OrderCreated"))
                        .toList();
        // Many more tries than park an event that is refused.
        outboxes.start(bus, Outboxes.with(it -> it.attempts = 2));
        await().until(() -> bus.timesSent(events.getFirst()) >= 12);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        assertThat(bus.sent).doesNotContain(events.get(1));
        bus.verdict = _ -> new Verdict.Accepted();
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(firstTimes(bus.accepted(), order)).containsExactly("First", "Second");
        assertThat(bus.accepted()).containsAll(others);
        assertThat(outboxes.rows("outbox_retry")).isZero();
    }

    @Test
    void anEventThatTheBusNeverManagesToTakeHoldsUpItsOwnOrderAlone() {
        var sick = UUID.randomUUID();
        var stuck = outboxes.store(sick, "OrderCreated");
        bus.verdict =
                event ->
                        event.eventId().startsWith(sick.toString())
                                ? new Verdict.Failed("InternalFailure")
                                : new Verdict.Accepted();
        outboxes.start(bus, Outboxes.with(it -> it.attempts = 1));
        await().until(() -> bus.timesSent(stuck) >= 3);
        for (int i = 0; i < 5; i++) {
            var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
            await().until(() -> bus.accepted().contains(event));
        }
        assertThat(outboxes.rows("outbox")).isOne();
        assertThat(outboxes.rows("outbox_parked")).isZero();
    }

    @Test
    void failuresThatAnEventHasNothingToDoWithDoNotCountWhenItIsRefusedLater() {
        var failures = new AtomicInteger();
        bus.verdict =
                _ ->
                        failures.incrementAndGet() <= 8
                                ? new Verdict.Failed("InternalFailure")
                                : failures.get() <= 10
                                        ? new Verdict.Refused("MalformedDetail")
                                        : new Verdict.Accepted();
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        outboxes.start(bus, Outboxes.with(it -> it.attempts = 3));
        await().until(() -> bus.accepted().contains(event));
        assertThat(outboxes.rows("outbox_parked")).isZero();
    }

    @Test
    void entriesThatTheBusDoesNotLetInParkNothingAndAreCountedUntilItDoes() {
        bus.verdict =
                event ->
                        event.type().equals("Forbidden")
                                ? new Verdict.Blocked("NotAuthorizedForDetailTypeException")
                                : new Verdict.Accepted();
        var order = UUID.randomUUID();
        var forbidden = outboxes.store(order, "Forbidden");
        var other = outboxes.store(UUID.randomUUID(), "OrderCreated");
        outboxes.start(bus, Outboxes.with(it -> it.attempts = 1));
        await().until(() -> bus.timesSent(forbidden) >= 4 && bus.accepted().contains(other));
        await().until(() -> blocked() == 1);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        bus.verdict = _ -> new Verdict.Accepted();
        await().until(() -> bus.accepted().contains(forbidden));
        await().until(() -> blocked() == 0);
    }

    @Test
    void aCallThatIsNotLetInParksNothingAndIsCountedUntilItIs() {
        bus.answer = _ -> new Answer.Blocked("AccessDeniedException");
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        outboxes.start(bus, Outboxes.with(it -> it.attempts = 1));
        await().until(() -> bus.timesSent(event) >= 4);
        await().until(() -> blocked() == 1);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        bus.answer = bus::judge;
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
        bus.existence = new EventBus.Existence.Missing();
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        var relay = outboxes.start(bus).relay();
        await().until(() -> relay.existence() instanceof EventBus.Existence.Missing);
        // An answer that says nothing does not bring it back.
        bus.existence = new EventBus.Existence.Unknown("ServiceUnavailable");
        int looked = bus.looks.get();
        await().until(() -> bus.looks.get() >= looked + 3);
        assertThat(bus.calls).isEmpty();
        assertThat(outboxes.rows("outbox")).isOne();
        bus.existence = new EventBus.Existence.Exists();
        await().until(() -> bus.accepted().contains(event));
    }

    @Test
    void aBusThatVanishesWhileItIsUsedIsNoticed() {
        var relay = outboxes.start(bus).relay();
        var before = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> bus.accepted().contains(before));
        bus.existence = new EventBus.Existence.Missing();
        await().until(() -> relay.existence() instanceof EventBus.Existence.Missing);
        var after = outboxes.store(UUID.randomUUID(), "OrderCreated");
        int looked = bus.looks.get();
        await().until(() -> bus.looks.get() >= looked + 3);
        assertThat(bus.sent).doesNotContain(after);
        bus.existence = new EventBus.Existence.Exists();
        await().until(() -> bus.accepted().contains(after));
    }

    @Test
    void afterAFailedCallTheBusIsLookedForBeforeTheNextOne() {
        // As a recreated EventBridge would be: away first, then there and without the bus.
        bus.answer =
                _ -> {
                    bus.existence = new EventBus.Existence.Missing();
                    return new Answer.Unavailable("away");
                };
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        var relay =
                outboxes.start(bus, Outboxes.with(it -> it.lookForBusEvery = Duration.ofMinutes(5)))
                        .relay();
        await().until(() -> relay.existence() instanceof EventBus.Existence.Missing);
        assertThat(bus.timesSent(event)).isOne();
        assertThat(outboxes.rows("outbox")).isOne();
    }

    @Test
    void aRelayThatCannotFindOutAboutTheBusPublishes() {
        bus.existence = new EventBus.Existence.Unknown("AccessDeniedException");
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
                        new Outboxes(
                                network.through(url),
                                new DatabaseTimeoutProperties(
                                        Duration.ofSeconds(3),
                                        Duration.ofSeconds(3),
                                        Duration.ofSeconds(1),
                                        Duration.ofHours(1),
                                        Duration.ofMillis(250),
                                        Duration.ofSeconds(30)))) {
            behind.start(bus, Outboxes.with(it -> it.lease = Duration.ofSeconds(2)));
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
                Outboxes.with(
                        it -> {
                            it.held = 20;
                            it.backOff = Duration.ofMinutes(1);
                        });
        var bad = new HashSet<String>();
        for (int i = 0; i < 60; i++) {
            bad.add(outboxes.store(UUID.randomUUID(), "OrderCreated"));
        }
        bus.verdict =
                event ->
                        bad.contains(event.eventId())
                                ? new Verdict.Refused("no")
                                : new Verdict.Accepted();
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
        bus.answer =
                call ->
                        call.stream().anyMatch(event -> event.eventId().equals(bad))
                                ? new Answer.CallRefused(new Verdict.Refused("ValidationException"))
                                : bus.judge(call);
        outboxes.start(bus);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(bus.accepted()).hasSize(9).doesNotContain(bad);
        assertThat(parkedReasons()).containsExactly("ValidationException");
    }

    @Test
    void aBusThatIsAwayParksNothingAndCountsAgainstNoEvent() {
        var isAway = new AtomicBoolean(true);
        bus.answer = events -> isAway.get() ? new Answer.Unavailable("away") : bus.judge(events);
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
        bus.verdict =
                event ->
                        event.eventId().startsWith(large.toString())
                                ? new Verdict.Withheld("S3 is away")
                                : new Verdict.Accepted();
        outboxes.start(bus, Outboxes.with(it -> it.attempts = 2));
        var withheld = outboxes.store(large, "OrderCreated");
        var next = outboxes.store(large, "OrderCancellationRequested");
        var other = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> bus.timesSent(withheld) >= 4);
        assertThat(bus.accepted()).containsExactly(other);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        bus.verdict = _ -> new Verdict.Accepted();
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
                            assertThat(call.stream().mapToInt(OutgoingEvent::bytes).sum())
                                    .isLessThanOrEqualTo(1_000_000);
                        })
                .anySatisfy(call -> assertThat(call).hasSizeGreaterThan(5));
    }

    @Test
    void severalCallsAreInFlightAtOnceAndNoTransactionIsOpenMeanwhile() {
        var together = new CyclicBarrier(4);
        var openTransactions = new ConcurrentHashMap<Integer, Boolean>();
        bus.answer =
                events -> {
                    meet(together);
                    openTransactions.put(openTransactions(), true);
                    meet(together);
                    return bus.judge(events);
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
        var properties = Outboxes.with(it -> it.lookEvery = Duration.ofMinutes(1));
        var instance = outboxes.start(bus, properties);
        await().until(() -> outboxes.shardsOf(instance) == 16);
        var order = UUID.randomUUID();
        var first = outboxes.store(order, "OrderCreated");
        instance.relay().look(order);
        await().until(() -> bus.accepted().equals(List.of(first)));
    }

    @Test
    void anEventStoredWhileItsOrderIsUnderWayFollowsAtOnce() throws Exception {
        var isAsked = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        bus.answer =
                events -> {
                    isAsked.countDown();
                    uninterruptibly(mayAnswer);
                    return bus.judge(events);
                };
        var order = UUID.randomUUID();
        var first = outboxes.store(order, "OrderCreated");
        // The next look of its own accord is a minute away.
        var instance =
                outboxes.start(bus, Outboxes.with(it -> it.lookEvery = Duration.ofMinutes(1)));
        assertThat(isAsked.await(20, TimeUnit.SECONDS)).isTrue();
        var second = outboxes.store(order, "OrderCancellationRequested");
        instance.relay().look(order);
        mayAnswer.countDown();
        await().until(() -> bus.accepted().equals(List.of(first, second)));
    }

    // Stopping

    @Test
    void aRelayThatStopsFinishesWhatIsUnderWayAndTakesNothingNew() throws Exception {
        var isAsked = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        bus.answer =
                events -> {
                    isAsked.countDown();
                    uninterruptibly(mayAnswer);
                    return bus.judge(events);
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
        bus.answer =
                events -> {
                    instance.cable().hold();
                    return bus.judge(events);
                };
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> instance.cable().holdsSomebody() && !bus.accepted().isEmpty());
        bus.answer = bus::judge;
        instance.cable().cut();
        instance.cable().letGo();
        await().until(() -> instance.cable().failures() > 0);
        instance.cable().mend();
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(bus.accepted()).containsExactly(event);
    }

    @Test
    void aDatabaseThatFailsWhileTheRelayStopsIsWaitedFor() throws Exception {
        var instance = outboxes.start(bus);
        bus.answer =
                events -> {
                    instance.cable().cut();
                    return bus.judge(events);
                };
        var event = outboxes.store(UUID.randomUUID(), "OrderCreated");
        await().until(() -> instance.cable().failures() > 0 && !bus.accepted().isEmpty());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var stopped =
                    threads.submit(
                            () -> {
                                instance.relay().stop();
                                return true;
                            });
            instance.cable().mend();
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
}
