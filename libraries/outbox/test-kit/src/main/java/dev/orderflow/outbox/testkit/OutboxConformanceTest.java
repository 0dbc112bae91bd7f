package dev.orderflow.outbox.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.outbox.testkit.KitTarget.KitResult;
import dev.orderflow.outbox.testkit.KitTarget.KitTargetException;
import dev.orderflow.outbox.testkit.OutboxUnderTest.OutboxInstance;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What must hold of a transactional outbox when anything fails. Extend it in a test class.
public abstract class OutboxConformanceTest {

    /// Long enough for several leases to expire on a slow machine. A test that succeeds does not
    /// wait for it. The system property `outbox.testkit.timeout` sets another one, as seconds.
    private static final Duration TIMEOUT =
            Duration.ofSeconds(Integer.getInteger("outbox.testkit.timeout", 60));

    /// More than the steps of an instance from its start to the deletion of a published event.
    private static final int STEPS = 12;

    /// So many that a step which reads them is told apart from one that does not.
    private static final int PUBLISHED = 5_000;

    /// A connection otherwise writes its statistics with a delay of up to ten seconds.
    private static final String FLUSH_STATISTICS = "SELECT pg_stat_force_next_flush()";

    private final OutboxUnderTest outbox;
    private final RecordingKitTarget target = new RecordingKitTarget();
    private final List<OutboxInstance> instances = new ArrayList<>();
    private final List<FaultyDataSource> sources = new ArrayList<>();
    private @Nullable DataSource created;

    protected OutboxConformanceTest(OutboxUnderTest outbox) {
        this.outbox = outbox;
    }

    @BeforeEach
    final void createDatabase() {
        created = outbox.createDatabase();
    }

    @AfterEach
    final void stopInstances() throws Exception {
        target.call = target::applyResult;
        target.result = _ -> KitResult.ACCEPTED;
        sources.forEach(FaultyDataSource::resume);
        instances.forEach(OutboxInstance::close);
        if (created instanceof AutoCloseable pool) {
            pool.close();
        }
    }

    private DataSource database() {
        return Objects.requireNonNull(created, "no test runs");
    }

    private FaultyDataSource start() {
        return start(new FaultyDataSource(database()), target);
    }

    private FaultyDataSource start(FaultyDataSource source, KitTarget to) {
        sources.add(source);
        instances.add(outbox.start(source, to));
        return source;
    }

    private interface Work {
        void run(Connection transaction) throws SQLException;
    }

    private void inTransaction(Work work) {
        try (var transaction = database().getConnection()) {
            transaction.setAutoCommit(false);
            try {
                work.run(transaction);
                transaction.commit();
            } finally {
                transaction.rollback();
                transaction.setAutoCommit(true);
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void store(String key, String id) {
        inTransaction(transaction -> outbox.store(transaction, key, id));
    }

    private List<String> storeMany(String name, int events) {
        return IntStream.range(0, events)
                .mapToObj(
                        i -> {
                            var id = name + "-" + i;
                            store(id, id);
                            return id;
                        })
                .toList();
    }

    private List<String> parked() {
        try {
            return outbox.findParked(database());
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void awaitAccepted(List<String> ids) {
        await().atMost(TIMEOUT).until(() -> ids.stream().allMatch(target::hasAccepted));
    }

    // Transactions

    @Test
    void anEventIsPublishedIfAndOnlyIfItsTransactionCommits() throws Exception {
        try (var transaction = database().getConnection()) {
            transaction.setAutoCommit(false);
            outbox.store(transaction, "k", "rolled back");
            transaction.rollback();
            transaction.setAutoCommit(true);
        }
        start();
        store("k", "committed");
        awaitAccepted(List.of("committed"));
        assertThat(target.sent).extracting(KitMessage::id).containsOnly("committed");
    }

    @Test
    void anEventThatCommitsAfterLaterOnesIsPublished() throws Exception {
        start();
        try (var slow = database().getConnection()) {
            slow.setAutoCommit(false);
            outbox.store(slow, "slow", "slow");
            var others = storeMany("other", 20);
            awaitAccepted(others);
            slow.commit();
            slow.setAutoCommit(true);
        }
        awaitAccepted(List.of("slow"));
    }

    @Test
    void openTransactionsElsewhereDelayNoEvent() throws Exception {
        start();
        try (var reader = database().getConnection();
                var writer = database().getConnection()) {
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            reader.setAutoCommit(false);
            writer.setAutoCommit(false);
            for (var each : List.of(reader, writer)) {
                try (var statement = each.createStatement()) {
                    statement.execute("SELECT pg_current_snapshot()");
                }
            }
            try (var statement = writer.createStatement()) {
                statement.execute("SELECT pg_current_xact_id()");
            }
            awaitAccepted(storeMany("meanwhile", 100));
            for (var each : List.of(reader, writer)) {
                each.rollback();
                each.setAutoCommit(true);
            }
            reader.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    @Test
    void anOldSnapshotElsewhereMakesNoStepReadTheEventsThatArePublished() throws Exception {
        var source = start(new FaultyDataSource(database(), FLUSH_STATISTICS), target);
        awaitAccepted(storeMany("warm", 20));
        try (var reader = database().getConnection()) {
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            reader.setAutoCommit(false);
            try (var statement = reader.createStatement()) {
                statement.execute("SELECT pg_current_snapshot()");
            }
            double before = buffersPerStep(source, "before");
            // Vacuum cannot remove any of these.
            var ids = new ArrayList<String>();
            for (int transaction = 0; transaction < PUBLISHED / 100; transaction++) {
                int first = transaction * 100;
                inTransaction(
                        each -> {
                            for (int i = first; i < first + 100; i++) {
                                outbox.store(each, "p" + i, "p" + i);
                                ids.add("p" + i);
                            }
                            flushStatistics(each);
                        });
            }
            awaitAccepted(ids);
            // What happens to the last ones after they were accepted.
            buffersPerStep(source, "settle");
            assertThat(buffersPerStep(source, "after")).isLessThan(5 * before);
            reader.rollback();
            reader.setAutoCommit(true);
            reader.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    /// Publishes some events, one after the other.
    ///
    /// @return how many pages of tables and indexes were read for each step of the instance, in
    ///     memory or on disk
    private double buffersPerStep(FaultyDataSource source, String name) {
        long buffersBefore = buffers();
        long stepsBefore = source.steps();
        for (int i = 0; i < 30; i++) {
            var id = name + "-" + i;
            inTransaction(
                    transaction -> {
                        outbox.store(transaction, id, id);
                        flushStatistics(transaction);
                    });
            awaitAccepted(List.of(id));
        }
        return (buffers() - buffersBefore) / (double) (source.steps() - stepsBefore);
    }

    private long buffers() {
        try (var connection = database().getConnection();
                var statement = connection.createStatement();
                var result =
                        statement.executeQuery(
                                """
                                SELECT sum(heap_blks_read + heap_blks_hit
                                           + coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0))::bigint
                                FROM pg_statio_user_tables
                                """)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void flushStatistics(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(FLUSH_STATISTICS);
        }
    }

    // Crashes

    @Test
    void anInstanceThatDiesBetweenAnyTwoStepsLosesNoEvent() {
        for (int steps = 0; steps < STEPS; steps++) {
            var id = "killed-after-" + steps;
            store(id, id);
            var dying = new FaultyDataSource(database());
            dying.killAfter(steps);
            try {
                start(dying, target);
            } catch (RuntimeException _) {
                // It died while it started.
            }
            store(id, id + "-later");
            start();
            awaitAccepted(List.of(id, id + "-later"));
            assertThat(target.firstAccepted(id)).containsExactly(id, id + "-later");
            dying.kill();
            // The next dying instance gets all of the work.
            instances.removeLast().close();
        }
    }

    @Test
    void anInstanceThatDiesAfterPublishingLeavesTheEventToAnotherUnderTheSameId() {
        var dying = new FaultyDataSource(database());
        target.call =
                messages -> {
                    dying.kill();
                    return target.applyResult(messages);
                };
        start(dying, target);
        store("k", "twice");
        await().atMost(TIMEOUT).until(() -> target.hasAccepted("twice"));
        target.call = target::applyResult;
        start();
        await().atMost(TIMEOUT).until(() -> target.timesSent("twice") >= 2);
        store("k", "next");
        awaitAccepted(List.of("next"));
        assertThat(target.firstAccepted("k")).containsExactly("twice", "next");
    }

    @Test
    void aPausedInstanceThatResumesAfterOthersTookOverBreaksNoSequence() {
        var paused = start();
        store("warm", "warm");
        awaitAccepted(List.of("warm"));
        paused.pause();
        for (int i = 0; i < 5; i++) {
            store("k", "e" + i);
        }
        await().atMost(TIMEOUT).until(paused::hasPausedCaller);
        start();
        awaitAccepted(List.of("e0", "e1", "e2", "e3", "e4"));
        paused.resume();
        for (int i = 5; i < 10; i++) {
            store("k", "e" + i);
        }
        awaitAccepted(List.of("e5", "e6", "e7", "e8", "e9"));
        assertThat(target.firstAccepted("k"))
                .containsExactly("e0", "e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "e9");
    }

    // The target

    @Test
    void onlyTheFailedEntryOfACallIsSentAgain() {
        var failedOnce = ConcurrentHashMap.<String>newKeySet();
        target.result =
                message ->
                        message.id().endsWith("3") && failedOnce.add(message.id())
                                ? KitResult.FAILED
                                : KitResult.ACCEPTED;
        var ids = storeMany("partial", 30);
        start();
        awaitAccepted(ids);
        assertThat(parked()).isEmpty();
    }

    @Test
    void anEventWhoseResponseIsLostIsPublishedAgainUnderTheSameId() {
        var isLost = new AtomicBoolean(true);
        target.call =
                messages -> {
                    var results = target.applyResult(messages);
                    if (isLost.getAndSet(false)) {
                        throw new KitTargetException("the response was lost");
                    }
                    return results;
                };
        start();
        store("k", "lost");
        await().atMost(TIMEOUT).until(() -> target.timesSent("lost") >= 2);
        assertThat(target.firstAccepted("k")).containsExactly("lost");
    }

    @Test
    void anOutageOfAnyLengthParksNoEventAndKeepsTheSequence() {
        var isDown = new AtomicBoolean(true);
        var calls = new AtomicInteger();
        target.call =
                messages -> {
                    calls.incrementAndGet();
                    if (isDown.get()) {
                        throw new KitTargetException("the target is down");
                    }
                    return target.applyResult(messages);
                };
        store("k", "first");
        store("k", "second");
        start();
        // Many more failures than an event may have rejections.
        await().atMost(TIMEOUT).until(() -> calls.get() >= 8);
        assertThat(parked()).isEmpty();
        isDown.set(false);
        awaitAccepted(List.of("first", "second"));
        assertThat(target.firstAccepted("k")).containsExactly("first", "second");
    }

    @Test
    void anEntryThatAlwaysFailsIsNotParkedAndDelaysItsOwnKeyOnly() {
        target.result =
                message -> message.key().equals("sick") ? KitResult.FAILED : KitResult.ACCEPTED;
        store("sick", "sick-1");
        store("sick", "sick-2");
        start();
        await().atMost(TIMEOUT).until(() -> target.timesSent("sick-1") >= 8);
        awaitAccepted(storeMany("healthy", 20));
        assertThat(parked()).isEmpty();
        target.result = _ -> KitResult.ACCEPTED;
        awaitAccepted(List.of("sick-1", "sick-2"));
        assertThat(target.firstAccepted("sick")).containsExactly("sick-1", "sick-2");
    }

    @Test
    void aRejectedEventIsParkedAndBlocksItsOwnKeyOnly() {
        target.result =
                message -> message.id().equals("poison") ? KitResult.REJECTED : KitResult.ACCEPTED;
        store("sick", "poison");
        store("sick", "behind");
        start();
        awaitAccepted(storeMany("healthy", 20));
        await().atMost(TIMEOUT).until(() -> parked().contains("poison"));
        assertThat(target.hasAccepted("behind"))
                .as("a later event of the key is published before its predecessor")
                .isFalse();
    }

    // Several instances

    @Test
    void severalInstancesUnderLoadAndFailOverKeepEachKeysSequenceAndLoseNothing() throws Exception {
        target.call =
                messages -> {
                    switch (ThreadLocalRandom.current().nextInt(12)) {
                        case 0 -> throw new KitTargetException("the target is down");
                        case 1 -> {
                            target.applyResult(messages);
                            throw new KitTargetException("the response was lost");
                        }
                        default -> {
                            return target.applyResult(messages);
                        }
                    }
                };
        target.result =
                _ ->
                        ThreadLocalRandom.current().nextInt(20) == 0
                                ? KitResult.FAILED
                                : KitResult.ACCEPTED;
        var dying = start();
        start();
        var ids = new ArrayList<String>();
        var stored = new ArrayList<Future<?>>();
        try (var writers = Executors.newFixedThreadPool(6)) {
            for (int key = 0; key < 60; key++) {
                var name = "key-" + key;
                IntStream.range(0, 5).forEach(i -> ids.add(name + "/" + i));
                stored.add(
                        writers.submit(
                                () ->
                                        IntStream.range(0, 5)
                                                .forEach(i -> store(name, name + "/" + i))));
            }
            await().atMost(TIMEOUT).until(() -> target.accepted.size() > 20);
            dying.kill();
            start();
            for (var each : stored) {
                each.get();
            }
        }
        awaitAccepted(ids);
        for (int key = 0; key < 60; key++) {
            var name = "key-" + key;
            assertThat(target.firstAccepted(name))
                    .containsExactly(
                            name + "/0", name + "/1", name + "/2", name + "/3", name + "/4");
        }
        assertThat(parked()).isEmpty();
    }

    @Test
    void anInstanceThatStopsHandsOverToAnother() {
        start();
        awaitAccepted(storeMany("before", 5));
        instances.removeLast().close();
        start();
        awaitAccepted(storeMany("after", 5));
    }

    // The database

    @Test
    void aFullDiskDelaysEventsAndLosesNone() {
        var source = start();
        awaitAccepted(storeMany("before", 5));
        source.setDiskFull(true);
        var ids = storeMany("during", 5);
        store("during-0", "after-0");
        await().atMost(TIMEOUT).until(() -> target.hasAccepted("during-0"));
        source.setDiskFull(false);
        awaitAccepted(ids);
        awaitAccepted(List.of("after-0"));
        assertThat(target.firstAccepted("during-0")).containsExactly("during-0", "after-0");
    }

    @Test
    void aClockThatJumpsDelaysNoEvent() {
        execute("CREATE SCHEMA skew");
        execute("CREATE TABLE skew.clock (ahead interval NOT NULL)");
        execute("INSERT INTO skew.clock VALUES ('0')");
        execute(
                """
                CREATE FUNCTION skew.now() RETURNS timestamptz LANGUAGE sql STABLE
                AS 'SELECT pg_catalog.now() + ahead FROM skew.clock'
                """);
        // A function of this schema is found before the one of the system.
        var setup = "SET search_path = skew, public, pg_catalog";
        start(new FaultyDataSource(database(), setup), target);
        start(new FaultyDataSource(database(), setup), target);
        var jumps = List.of("0", "1 hour", "-1 hour", "1 day", "0");
        for (int i = 0; i < jumps.size(); i++) {
            execute("UPDATE skew.clock SET ahead = '" + jumps.get(i) + "'");
            for (int event = 0; event < 3; event++) {
                store("k", "jump-" + i + "-" + event);
            }
            awaitAccepted(storeMany("others-" + i, 10));
            awaitAccepted(List.of("jump-" + i + "-2"));
        }
        var expected = new ArrayList<String>();
        for (int i = 0; i < jumps.size(); i++) {
            for (int event = 0; event < 3; event++) {
                expected.add("jump-" + i + "-" + event);
            }
        }
        assertThat(target.firstAccepted("k")).isEqualTo(expected);
    }

    private void execute(String sql) {
        inTransaction(
                transaction -> {
                    try (var statement = transaction.createStatement()) {
                        statement.execute(sql);
                    }
                });
    }
}
