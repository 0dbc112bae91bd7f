package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.contracts.fixture.TcpProxy;
import dev.orderflow.localpostgres.fixture.TestDatabase;
import dev.orderflow.outbox.OutboxTarget.EntryResult;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessException;

/// A database that fails or does not respond.
@ExtendWith(OutputCaptureExtension.class)
class OutboxRelayDatabaseTest {

    /// The events of as many calls as the fixture's relays make at a time.
    private static final int EIGHT_CALLS = 80;

    private final OutboxFixture outboxes = new OutboxFixture();
    private final RecordingTarget target = new RecordingTarget();

    @AfterEach
    void close() throws InterruptedException {
        outboxes.close();
    }

    @Test
    void aRelayWhoseDatabaseStopsRespondingContinuesWhenItRespondsAgain() throws Exception {
        var url = TestDatabase.create().url();
        try (var network = TcpProxy.to(url);
                var ofRelay = poolWithShortTimeouts(network.through(url));
                var direct = new OutboxFixture(url)) {
            var settings = OutboxFixture.settings(it -> it.leaseDuration = Duration.ofSeconds(2));
            await().ignoreExceptionsInstanceOf(DataAccessException.class)
                    .until(() -> direct.start(ofRelay, target, settings) != null);
            var before = direct.store(UUID.randomUUID(), "OrderCreated");
            await().until(() -> target.accepted().contains(before));
            network.dropTraffic();
            await().until(() -> network.droppedCount() >= 2);
            var meanwhile = direct.store(UUID.randomUUID(), "OrderCreated");
            network.recover();
            await().until(() -> direct.rows("outbox") == 0);
            assertThat(target.accepted()).contains(meanwhile);
        }
    }

    private static HikariDataSource poolWithShortTimeouts(String url) {
        var config = new HikariConfig();
        config.setJdbcUrl(url + "&connectTimeout=3&loginTimeout=3&socketTimeout=1");
        config.setValidationTimeout(250);
        // The first connection may take longer on a busy machine.
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    @Test
    void connectionsThatDoNotCommitByThemselvesPublishAndParkAllTheSame() throws Exception {
        var config = new HikariConfig();
        config.setDataSource(outboxes.dataSource());
        config.setAutoCommit(false);
        config.setMaximumPoolSize(4);
        try (var pool = new HikariDataSource(config)) {
            var rejected = outboxes.store(UUID.randomUUID(), "OrderCreated");
            target.entryResult =
                    event ->
                            event.id().equals(rejected)
                                    ? new EntryResult.EntryRejected("MalformedDetail")
                                    : target.timesSent(event.id()) == 1
                                            ? new EntryResult.EntryFailed("InternalFailure")
                                            : new EntryResult.EntryAccepted();
            var relay = outboxes.start(pool, target, OutboxFixture.defaultSettings()).relay();
            var accepted = outboxes.store(UUID.randomUUID(), "OrderCreated");
            await().until(() -> outboxes.rows("outbox") == 0);
            await().until(() -> outboxes.rows("outbox_retry") == 0);
            assertThat(target.accepted()).containsExactly(accepted);
            assertThat(outboxes.rows("outbox_parked")).isOne();
            relay.stop();
            assertThat(
                            outboxes.jdbc
                                    .sql("SELECT count(lease_owner) FROM outbox_shard")
                                    .query(Integer.class)
                                    .single())
                    .isZero();
        }
    }

    @Test
    void aBacklogOfLargeEventsIsReadInPartsAndLosesNoSequence() {
        var order = UUID.randomUUID();
        var detail = "x".repeat(3 * 1024 * 1024);
        for (int i = 10; i < 25; i++) {
            outboxes.store(order, "Large" + i, detail);
        }
        outboxes.start(target);
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.acceptedTypes(order)).hasSize(15).isSorted();
    }

    @Test
    void aReadEndsWithTheEventThatReachesTheSize() {
        for (int i = 0; i < 4; i++) {
            outboxes.store(UUID.randomUUID(), "OrderCreated", "x".repeat(100));
        }
        var relay = outboxes.instance(target, OutboxFixture.defaultSettings());
        var shards = relay.leases().acquireOrRenew().leases().keySet();
        assertThat(eventsRead(relay, shards, 10, 50)).isEqualTo("1 with more");
        assertThat(eventsRead(relay, shards, 10, 200)).isEqualTo("2 with more");
        assertThat(eventsRead(relay, shards, 10, 201)).isEqualTo("3 with more");
        assertThat(eventsRead(relay, shards, 3, 1_000)).isEqualTo("3 with more");
        assertThat(eventsRead(relay, shards, 10, 401)).isEqualTo("4");
    }

    private static String eventsRead(
            OutboxFixture.RelayInstance relay, Set<Shard> shards, int limit, long bytes) {
        var found = relay.repository().findOldest(shards, List.of(), ScanFloor.START, limit, bytes);
        return found.events().size() + (found.hasMore() ? " with more" : "");
    }

    @Test
    void aShortFailureOfTheDatabaseCausesNoRepeatAndIsNamedInWords(CapturedOutput output) {
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
        assertThat(output)
                .contains("outbox relay events: no connection to the database; retrying in 500 ms")
                .doesNotContain("failed unexpectedly", "the database cannot be reached");
    }

    @Test
    void fullCallsAreSentWhileResultsAreStored() throws Exception {
        storeOrders(100);
        var first = new HeldCall(target::applyEntryResult);
        target.publishResult = first;
        var instance =
                outboxes.start(
                        target, OutboxFixture.settings(it -> it.bufferSize = EIGHT_CALLS * 2));
        await().until(() -> target.sent.size() == EIGHT_CALLS);
        instance.database().block();
        first.release();
        await("another call").until(() -> target.sent.size() > EIGHT_CALLS);
        await("results that wait for the database")
                .until(() -> instance.database().hasBlockedCaller());
        assertThat(outboxes.rows("outbox")).isEqualTo(100);
        instance.database().restore();
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.accepted()).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void whileResultsCannotBeStoredNothingMoreIsSent() throws Exception {
        storeOrders(EIGHT_CALLS * 3);
        var first = new HeldCall(target::applyEntryResult);
        target.publishResult = first;
        var instance =
                outboxes.start(
                        target, OutboxFixture.settings(it -> it.bufferSize = EIGHT_CALLS * 3));
        await().until(() -> target.sent.size() == EIGHT_CALLS);
        instance.database().fail();
        first.release();
        await().until(() -> instance.database().failures() >= 5);
        assertThat(target.sent).hasSizeLessThanOrEqualTo(EIGHT_CALLS * 2);
        instance.database().restore();
        await().until(() -> outboxes.rows("outbox") == 0);
        assertThat(target.accepted()).hasSize(EIGHT_CALLS * 3).doesNotHaveDuplicates();
    }

    private void storeOrders(int count) {
        for (int i = 0; i < count; i++) {
            outboxes.store(UUID.randomUUID(), "OrderCreated");
        }
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
}
