package dev.orderflow.defaults.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.claimcheck.ClaimCheckRedeemer;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.defaults.history.RecordedIncidents;
import dev.orderflow.defaults.retry.RetryBackOff;
import dev.orderflow.defaults.tracing.TracePropagation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.StaticApplicationContext;

/// The handling of messages while a dependency of their handler is unavailable.
class MessageProcessorOutageTest {

    private static final String QUEUE = "outages";

    private final StaticApplicationContext context = new StaticApplicationContext();
    private final QueueGates gates = new QueueGates(context, Duration.ofHours(1));
    private static final Duration POLL_TIMEOUT = Duration.ofSeconds(2);

    private final AtomicBoolean away = new AtomicBoolean(true);
    private final AtomicInteger attempts = new AtomicInteger();
    private final RecordedIncidents incidents = new RecordedIncidents();

    @Test
    void aMessageWaitsAndIsRetriedUntilTheDependencyIsAvailable() {
        var message = new WaitingHandle("order");
        var processed = processInBackground(Duration.ofHours(1), message);
        await().until(() -> attempts.get() > 10);
        assertThat(gates.grant(QUEUE, 10, 1)).isZero();
        assertThat(message.fates).isNotEmpty().containsOnly("kept");
        away.set(false);
        processed.join();
        assertThat(message.fates.getLast()).isEqualTo("acknowledged");
        assertThat(gates.grant(QUEUE, 10, 0)).isEqualTo(10);
    }

    @Test
    void aBatchWaitsTogether() {
        var first = new WaitingHandle("first");
        var second = new WaitingHandle("second");
        var processed =
                CompletableFuture.runAsync(
                        () ->
                                processor(Duration.ofHours(1))
                                        .processBatch(
                                                List.of(first, second),
                                                batch ->
                                                        batch.stream()
                                                                .map(this::handleByDatabase)
                                                                .toList()));
        await().until(() -> attempts.get() > 10);
        away.set(false);
        processed.join();
        assertThat(first.fates).contains("kept").endsWith("acknowledged").doesNotContain("hidden");
        assertThat(second.fates).contains("kept").endsWith("acknowledged").doesNotContain("hidden");
    }

    @Test
    void aMessageThatFailsWhileOthersAreHandledReturnsToItsQueue() {
        var poison = new WaitingHandle("poison");
        var processed = processInBackground(Duration.ofHours(1), poison);
        var processor = processor(Duration.ofHours(1));
        await().until(
                        () -> {
                            processor.process(
                                    new WaitingHandle("good"), _ -> HandlingResult.ACKNOWLEDGE);
                            return processed.isDone();
                        });
        assertThat(poison.fates).endsWith("hidden").doesNotContain("acknowledged");
    }

    @Test
    void aMessageThatWaitedTooLongReturnsToItsQueue() {
        var message = new WaitingHandle("order");
        processInBackground(Duration.ZERO, message).join();
        assertThat(message.fates).containsExactly("hidden");
    }

    @Test
    void aMessageWhoseVisibilityCannotBeExtendedReturnsAfterItsVisibilityTimeout() {
        var message = new WaitingHandle("order");
        message.isKept = false;
        processInBackground(Duration.ofHours(1), message).join();
        assertThat(message.fates).doesNotContain("kept", "acknowledged");
    }

    @Test
    void waitingMessagesReturnToTheirQueueOnShutdown() {
        var message = new WaitingHandle("order");
        var processed = processInBackground(Duration.ofHours(1), message);
        await().until(() -> attempts.get() > 1);
        gates.onApplicationEvent(new ContextClosedEvent(new StaticApplicationContext()));
        assertThat(processed).isNotDone();
        gates.onApplicationEvent(new ContextClosedEvent(context));
        processed.join();
        assertThat(message.fates).endsWith("hidden");
        assertStaysAwayFromTheLastPoll(message);
    }

    @Test
    void aWaitingBatchReturnsToItsQueueOnShutdown() {
        var first = new WaitingHandle("first");
        var second = new WaitingHandle("second");
        var processed =
                CompletableFuture.runAsync(
                        () ->
                                processor(Duration.ofHours(1))
                                        .processBatch(
                                                List.of(first, second),
                                                batch ->
                                                        batch.stream()
                                                                .map(this::handleByDatabase)
                                                                .toList()));
        await().until(() -> attempts.get() > 1);
        gates.onApplicationEvent(new ContextClosedEvent(context));
        processed.join();
        assertStaysAwayFromTheLastPoll(first);
        assertStaysAwayFromTheLastPoll(second);
    }

    /// SQS counts whole seconds, and the poll may have begun just now.
    private static void assertStaysAwayFromTheLastPoll(WaitingHandle message) {
        assertThat(message.hiddenFor).hasSize(1);
        assertThat(Duration.ofSeconds(message.hiddenFor.getFirst().toSeconds() - 1))
                .isGreaterThanOrEqualTo(POLL_TIMEOUT);
    }

    @Test
    void aHandledMessageThatCannotBeDeletedIsNotAFailure() {
        var message = new WaitingHandle("order");
        message.isDeleted = false;
        processor(Duration.ofHours(1)).process(message, _ -> HandlingResult.ACKNOWLEDGE);
        assertThat(message.fates).containsExactly("acknowledged");
    }

    @Test
    void aWaitIsAnIncidentOfTheOrderWithItsBeginningAndEnd() {
        var order = UUID.randomUUID();
        var message = new WaitingHandle("{\"orderId\":\"" + order + "\"}");
        var processed = processInBackground(Duration.ofHours(1), message);
        await().until(() -> attempts.get() > 1);
        away.set(false);
        processed.join();
        assertThat(incidents.find(order))
                .singleElement()
                .satisfies(
                        incident -> {
                            assertThat(incident.type()).isEqualTo("MESSAGE_WAITED");
                            assertThat(incident.summary())
                                    .contains("order-service was unavailable (refused)");
                            assertThat(incident.until()).isAfter(incident.at());
                            assertThat(incident.ids())
                                    .containsEntry("messageId", message.message().messageId());
                        });
    }

    private CompletableFuture<Void> processInBackground(Duration longest, WaitingHandle message) {
        return CompletableFuture.runAsync(
                () -> processor(longest).process(message, this::handleByNeighbour));
    }

    private MessageProcessor processor(Duration longest) {
        return new MessageProcessor(
                new DeadLetterSender(SqsCalls.using(SqsFixture::client)),
                new SimpleMeterRegistry(),
                RetryBackOff.doublingWithFullJitter(Duration.ZERO, Duration.ZERO),
                OutageBackOff.of(Duration.ZERO, Duration.ZERO),
                TracePropagation.noop("test"),
                new ClaimCheckRedeemer("", () -> null),
                OutageBackOff.of(Duration.ZERO, Duration.ZERO),
                incidents,
                new MessageProcessor.OutageHandling(
                        gates,
                        new OutageWait.OutageWaitLimits(
                                Duration.ofMillis(2),
                                RetryBackOff.doublingWithFullJitter(Duration.ZERO, Duration.ZERO),
                                longest),
                        POLL_TIMEOUT));
    }

    private HandlingResult handleByNeighbour(ReceivedMessage delivery) {
        attempts.incrementAndGet();
        return away.get()
                ? new HandlingResult.DependencyUnavailable("order-service", "refused")
                : HandlingResult.ACKNOWLEDGE;
    }

    private HandlingResult handleByDatabase(ReceivedMessage delivery) {
        attempts.incrementAndGet();
        if (away.get()) {
            throw new IllegalStateException(new SQLException("refused", "08001"));
        }
        return HandlingResult.ACKNOWLEDGE;
    }

    private static final class WaitingHandle implements MessageHandle {

        private final ReceivedMessage delivery;
        private final List<String> fates = new CopyOnWriteArrayList<>();
        private final List<Duration> hiddenFor = new CopyOnWriteArrayList<>();
        private boolean isKept = true;
        private boolean isDeleted = true;

        WaitingHandle(String body) {
            delivery =
                    new ReceivedMessage(
                            body,
                            UUID.randomUUID().toString(),
                            1,
                            Instant.now(),
                            "http://sqs/000000000000/" + QUEUE);
        }

        @Override
        public ReceivedMessage message() {
            return delivery;
        }

        @Override
        public CompletableFuture<Void> acknowledge() {
            fates.add("acknowledged");
            return isDeleted
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(new IllegalStateException("refused"));
        }

        @Override
        public void changeVisibility(Duration delay) {
            hiddenFor.add(delay);
            fates.add("hidden");
        }

        @Override
        public void extendVisibility(Duration wait) {
            if (!isKept) {
                throw new IllegalStateException("the receipt has expired");
            }
            fates.add("kept");
        }
    }
}
