package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.localpostgres.fixture.TestDatabase;
import dev.orderflow.contracts.fixture.TcpProxy;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/// A database that fails or does not respond.
@ExtendWith(OutputCaptureExtension.class)
class OutboxRelayDatabaseTest {

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
                var behind =
                        new OutboxFixture(
                                network.through(url)
+ "&connectTimeout=3&loginTimeout=3&socketTimeout=1")) {
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
