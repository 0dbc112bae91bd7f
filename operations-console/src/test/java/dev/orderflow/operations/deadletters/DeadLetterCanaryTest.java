package dev.orderflow.operations.deadletters;

import static dev.orderflow.operations.deadletters.DeadLetterFixture.ANALYTICS;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.SHIPPING;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.UNDELIVERED;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.all;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.awaitDepth;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.delete;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.orderShipped;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.put;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadLetter;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadShipmentRequest;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.receive;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.shipmentRequest;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.url;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.ServiceStubs.StubbedOrder;
import dev.orderflow.operations.redrive.Redrive;
import dev.orderflow.operations.redrive.RedriveTask.RedriveAction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import software.amazon.awssdk.services.sqs.model.Message;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@OperationsConsoleFixture
class DeadLetterCanaryTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final DeadLetterFixture deadLetters;
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

    private final DeadLetterTaskFixture redrives;

    @Autowired
    DeadLetterCanaryTest(
            @LocalServerPort int port, JdbcClient jdbc, AutowireCapableBeanFactory beans) {
        deadLetters = new DeadLetterFixture(port, jdbc);
        redrives = DeadLetterTaskFixture.from(beans);
    }

    @Test
    void aCanaryThatFailsAgainStopsTheRedrive() {
        for (int i = 0; i < 3; i++) {
            putDeadShipmentRequest();
        }
        try (var _ = new ShippingConsumer(DeadLetterCanaryTest::reject)) {
            assertFailedAgain(deadLetters.redrive(SHIPPING, with(all(), "canary", true)));
        }
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(3);
    }

    @Test
    void theRedriveContinuesAfterACanaryThatIsProcessed() {
        for (int i = 0; i < 3; i++) {
            putDeadShipmentRequest();
        }
        try (var _ = new ShippingConsumer(DeadLetterCanaryTest::accept)) {
            var ended = deadLetters.redrive(SHIPPING, with(all(), "canary", true));
            assertThat(ended.path("state").stringValue()).isEqualTo("DONE");
            assertThat(ended.path("done").intValue()).isEqualTo(3);
        }
    }

    /// The shipment exists already, so it does not prove anything, and the queue is never empty.
    @Test
    void theCanaryWaitsForItsOwnMessageOnlyAlsoInABusyQueue() {
        for (int i = 0; i < 3; i++) {
            var order = ServiceStubs.putOrder("CONFIRMED");
            order.shipment = "WAITING";
            putDeadLetter(SHIPPING, shipmentRequest(order.id), Map.of());
            put(SHIPPING, shipmentRequest(UUID.randomUUID()), Map.of());
        }
        var started = deadLetters.start(SHIPPING, with(all(), "canary", true));
        awaitDepth(SHIPPING, 4);
        receive(SHIPPING).stream()
                .filter(message -> message.body().contains("orderId"))
                .forEach(DeadLetterCanaryTest::accept);

        var ended = deadLetters.api.awaitEnd(started);
        assertThat(ended.path("state").stringValue()).isEqualTo("DONE");
        assertThat(ended.path("done").intValue()).isEqualTo(3);
        assertThat(SqsFixture.depth(SHIPPING)).isEqualTo(6);
    }

    /// Messages of other senders keep the queue full.
    @Test
    void theEffectOfACanaryProvesThatItIsProcessedAlsoWhileItsQueueIsNotEmpty() {
        var orders = new ArrayList<StubbedOrder>();
        for (int i = 0; i < 3; i++) {
            orders.add(ServiceStubs.putOrder("CONFIRMED"));
            putDeadLetter(SHIPPING, shipmentRequest(orders.getLast().id), Map.of());
            put(SHIPPING, shipmentRequest(UUID.randomUUID()), Map.of());
        }
        var started = deadLetters.start(SHIPPING, with(all(), "canary", true));
        awaitDepth(SHIPPING, 4);
        orders.forEach(order -> order.shipment = "WAITING");

        var ended = deadLetters.api.awaitEnd(started);
        assertThat(ended.path("state").stringValue()).isEqualTo("DONE");
        assertThat(ended.path("done").intValue()).isEqualTo(3);
    }

    @Test
    void aCanaryThatFailsAgainStopsTheRedriveAlsoWhileItsQueueIsNotEmpty() {
        for (int i = 0; i < 2; i++) {
            putDeadShipmentRequest();
            put(SHIPPING, shipmentRequest(UUID.randomUUID()), Map.of());
        }
        var started = deadLetters.start(SHIPPING, with(all(), "canary", true));
        awaitDepth(SHIPPING, 3);
        // The consumer rejects it with a copy that carries the id of the redrive.
        putDeadLetter(
                SHIPPING,
                shipmentRequest(UUID.randomUUID()),
                Map.of("redrive-id", started.path("redriveId").stringValue()));

        assertFailedAgain(deadLetters.api.awaitEnd(started));
    }

    private static void assertFailedAgain(JsonNode ended) {
        assertThat(ended.path("state").stringValue()).isEqualTo("STOPPED");
        assertThat(ended.path("note").stringValue()).contains("failed again");
        assertThat(ended.path("done").intValue()).isEqualTo(1);
    }

    @Test
    void aCanaryThatIsNotReceivedTimesOut() {
        putDeadShipmentRequest();
        putDeadShipmentRequest();

        var ended = awaitTimeout(start(SHIPPING));

        assertThat(ended.state()).isEqualTo(Redrive.RedriveState.STOPPED);
        assertThat(ended.note())
                .hasValueSatisfying(
                        note ->
                                assertThat(note)
                                        .contains("timed out after 180 s")
                                        .contains("receives messages from shipping-requests"));
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
    }

    /// analytics-service cannot be queried.
    @Test
    void aCanaryWithoutObservableEffectIsProcessedWhenItWasReceivedAndHasNotFailedAtTheTimeout() {
        for (int i = 0; i < 2; i++) {
            putDeadLetter(ANALYTICS, orderShipped(ServiceStubs.putOrder("SHIPPED").id), Map.of());
        }
        put(ANALYTICS, "a message of another sender, in flight", Map.of());
        var received = new ArrayList<>(receive(ANALYTICS));

        var id = start(ANALYTICS);
        await().until(() -> received.addAll(receive(ANALYTICS)));

        assertThat(awaitTimeout(id).done()).isEqualTo(2);
        received.forEach(message -> delete(ANALYTICS, message));
    }

    /// A view reads 150 messages in this fixture, and the canary is behind them. It comes back at
    /// once, and the clock jumps behind the time-out, so that only the last look can find it.
    @Test
    void aCanaryThatIsBackInALargeQueueIsFoundAtTheTimeout() {
        var order = ServiceStubs.putOrder("SHIPPED").id;
        var id = UUID.randomUUID();
        for (int i = 0; i < 200; i++) {
            putDeadLetter(ANALYTICS, orderShipped(UUID.randomUUID()), Map.of());
        }
        putDeadLetter(ANALYTICS, orderShipped(order), Map.of("redrive-id", id.toString()));
        put(
                UNDELIVERED,
                orderShipped(order),
                Map.of(
                        "RULE_ARN",
                        "arn:aws:events:us-east-1:000000000000:rule/orderflow/record",
                        "TARGET_ARN",
                        "arn:aws:sqs:us-east-1:000000000000:" + ANALYTICS));
        var reads = new AtomicInteger();
        start(
                id,
                UNDELIVERED,
                () -> Instant.EPOCH.plus(TIMEOUT.multipliedBy(2L * reads.getAndIncrement())));

        var ended =
                await().until(
                                () -> redrives.find(id),
                                it -> it.state() != Redrive.RedriveState.RUNNING);
        assertThat(ended.state()).isEqualTo(Redrive.RedriveState.STOPPED);
        assertThat(ended.note())
                .hasValueSatisfying(note -> assertThat(note).contains("failed again"));
        assertThat(SqsFixture.depth(ANALYTICS + "-dlq")).isEqualTo(201);
    }

    /// Moves the clock again and again, because the redrive may read it for the first time late.
    private Redrive awaitTimeout(UUID id) {
        return await().until(
                        () -> {
                            now.updateAndGet(instant -> instant.plus(TIMEOUT).plusSeconds(1));
                            return redrives.find(id);
                        },
                        redrive -> redrive.state() != Redrive.RedriveState.RUNNING);
    }

    /// Redrives the dead letters of a queue with a canary that runs on the clock of this test.
    private UUID start(String queue) {
        return start(UUID.randomUUID(), queue + "-dlq", now::get);
    }

    private UUID start(UUID id, String deadLetterQueue, InstantSource clock) {
        return redrives.start(
                redrives.queues(),
                new DeadLetterCanary(
                        redrives.queues(), redrives.properties(), redrives.effects(), clock),
                id,
                RedriveAction.REDRIVE,
                deadLetterQueue,
                true);
    }

    /// Records that a message was handled as the consumers of all services do.
    private static void accept(Message message) {
        ServiceStubs.recordHandled(
                UUID.fromString(
                        JsonMapper.shared().readTree(message.body()).path("orderId").asString()),
                "shipments",
                message.messageId());
    }

    /// Dead-letters a message as the consumers of all services do.
    private static void reject(Message message) {
        putDeadLetter(
                SHIPPING,
                message.body(),
                Map.of(
                        "reason", "still broken",
                        "fingerprint", "dddd",
                        "source-message-id", message.messageId()));
    }

    private interface MessageHandler {
        void handle(Message message);
    }

    /// A consumer of shipping requests.
    private static final class ShippingConsumer implements AutoCloseable {

        private final AtomicBoolean running = new AtomicBoolean(true);
        private final Thread thread;

        ShippingConsumer(MessageHandler handler) {
            thread = Thread.ofVirtual().start(() -> run(handler));
        }

        private void run(MessageHandler handler) {
            while (running.get()) {
                SqsFixture.client()
                        .receiveMessage(
                                receive -> receive.queueUrl(url(SHIPPING)).waitTimeSeconds(1))
                        .messages()
                        .forEach(
                                message -> {
                                    handler.handle(message);
                                    delete(SHIPPING, message);
                                });
            }
        }

        @Override
        public void close() {
            running.set(false);
            try {
                thread.join();
            } catch (InterruptedException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }
}
