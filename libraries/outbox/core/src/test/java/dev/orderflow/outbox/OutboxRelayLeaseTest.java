package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.outbox.OutboxTarget.EntryResult;
import dev.orderflow.outbox.OutboxTarget.PublishResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// Several relays of one target: how they share the shards, and what happens when one stops, dies
/// or is paused.
class OutboxRelayLeaseTest {

    private final OutboxFixture outboxes = new OutboxFixture();
    private final RecordingTarget target = new RecordingTarget();

    @AfterEach
    void close() throws InterruptedException {
        outboxes.close();
    }

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
            await().until(() -> outboxes.shardsOf(pausing) == 0);
            pausing.database().unblock();
            for (var each : written) {
                each.get();
            }
        }
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(outboxes.rows("outbox_parked")).isZero();
        await().until(() -> outboxes.rows("outbox_retry") == 0);
        for (var order : orders) {
            assertThat(target.acceptedTypes(order))
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
        var settings = OutboxFixture.settings(it -> it.maxAttempts = 1);
        var order = UUID.randomUUID();
        var paused = outboxes.start(target, settings);
        await().until(() -> outboxes.shardsOf(paused) == 16);
        // The paused relay is about to receive a rejection, which would park the event.
        var rejection =
                new HeldCall(
                        _ ->
                                new PublishResult.EntryResults(
                                        List.of(new EntryResult.EntryRejected("no"))));
        target.publishResult = rejection;
        var event = outboxes.store(order, "OrderCreated");
        rejection.awaitCall();
        paused.database().block();
        await().until(paused.database()::hasBlockedCaller);
        outboxes.endLeases(paused);

        // Another relay takes over and is publishing the same event.
        var others = new RecordingTarget();
        var acceptance = new HeldCall(others::applyEntryResult);
        others.publishResult = acceptance;
        outboxes.start(others, settings);
        acceptance.awaitCall();

        rejection.release();
        paused.database().unblock();
        await().until(() -> outboxes.notPublished.contains(event + ": no"));
        // The paused relay has applied the rejection when it has stopped.
        paused.relay().stop();
        assertThat(paused.relay().isRunning()).isFalse();
        assertThat(outboxes.rows("outbox_parked")).isZero();
        assertThat(outboxes.rows("outbox_retry")).isZero();
        acceptance.release();
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(others.accepted()).containsExactly(event);
    }

    @Test
    void anEventThatAFormerOwnerPublishedIsNoLongerRetried() throws Exception {
        var lease = OutboxFixture.shortLease();
        var paused = outboxes.start(target, lease);
        await().until(() -> outboxes.shardsOf(paused) == 16);
        var acceptance = new HeldCall(target::applyEntryResult);
        target.publishResult = acceptance;
        outboxes.store(UUID.randomUUID(), "OrderCreated");
        acceptance.awaitCall();
        paused.database().block();
        await().until(paused.database()::hasBlockedCaller);

        // Another relay takes over, and the target blocks the event.
        var others = new RecordingTarget();
        others.entryResult = _ -> new EntryResult.EntryBlocked("no access");
        outboxes.start(others, lease);
        await().until(() -> outboxes.blockedEvents() == 1);

        acceptance.release();
        paused.database().unblock();
        await().until(() -> outboxes.rows("outbox") == 0);
        await().until(() -> outboxes.rows("outbox_retry") == 0);
    }

    @Test
    void aRelayThatLostAShardNeitherReadsNorParksNorDefersItsEvents() {
        var settings = OutboxFixture.defaultSettings();
        var order = UUID.randomUUID();
        var first = outboxes.instance(target, settings);
        var held = first.leases().acquireOrRenew().leases();
        assertThat(held).hasSize(16);
        outboxes.store(order, "OrderCreated");
        var event =
                first.repository()
                        .findOldest(held.keySet(), List.of(), 0, 10, 1_000)
                        .events()
                        .getFirst();
        var token = held.get(Shard.of(order.toString())).token();

        outboxes.endLeases(first);
        var second = outboxes.instance(target, settings);
        assertThat(second.leases().acquireOrRenew().leases()).hasSize(16);

        assertThat(first.repository().findOldest(held.keySet(), List.of(), 0, 10, 1_000).events())
                .isEmpty();
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
        assertThat(outboxes.rows("outbox")).isOne();
        assertThat(outboxes.parked).isEmpty();
    }

    @Test
    void aRelayReliesOnALeaseForFourFifthsOfItsDuration() {
        long requestedAt = System.nanoTime();
        var lease = ShardLease.from(1, requestedAt, Duration.ofNanos(50));
        assertThat(lease.isSafe(requestedAt + 39)).isTrue();
        assertThat(lease.isSafe(requestedAt + 40)).isFalse();
    }

    @Test
    void renewedLeasesThatALongSnapshotKeepsAreNotReadByPolls() throws Exception {
        try (var connection = outboxes.dataSource().getConnection();
                var snapshot = outboxes.openSnapshot()) {
            var relay =
                    outboxes.instance(
                            new SingleConnectionDataSource(connection, true),
                            target,
                            OutboxFixture.defaultSettings());
            // A poll that finds no event does not read the leases.
            outboxes.store(UUID.randomUUID(), "OrderCreated");
            int few = buffersOfPoll(relay);
            var jdbc = JdbcClient.create(relay.database());
            // Twenty minutes of renewals, with the connection whose buffers are counted.
            for (int renewal = 0; renewal < 600; renewal++) {
                jdbc.sql(
                                """
                                UPDATE outbox_shard
                                SET lease_expires_at = now() - interval '1 hour' + make_interval(secs => :seconds)
                                """)
                        .param("seconds", renewal * 2)
                        .update();
            }
            // As autovacuum does every minute.
            jdbc.sql("ANALYZE outbox_shard").update();
            assertThat(outboxes.pages("outbox_shard")).isGreaterThan(60);
            assertThat(buffersOfPoll(relay)).isLessThan(few + 30);
            // With live leases of a single owner, the owner and the time seem to leave out nothing.
            jdbc.sql("ANALYZE outbox_shard").update();
            assertThat(buffersOfPoll(relay)).isLessThan(few + 30);
            snapshot.rollback();
        }
    }

    /// How many pages of leases a poll reads, in memory or on disk.
    private int buffersOfPoll(OutboxFixture.RelayInstance relay) {
        var leases = relay.leases().acquireOrRenew().leases().keySet();
        assertThat(leases).hasSize(Shard.COUNT);
        int before = OutboxFixture.buffers(relay, "outbox_shard");
        int polls = 100;
        for (int poll = 0; poll < polls; poll++) {
            assertThat(relay.repository().findOldest(leases, List.of(), 0, 10, 1_000).events())
                    .hasSize(1);
        }
        int read = OutboxFixture.buffers(relay, "outbox_shard") - before;
        assertThat(read).isPositive();
        return read / polls;
    }
}
