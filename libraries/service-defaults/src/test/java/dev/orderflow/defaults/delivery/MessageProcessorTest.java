package dev.orderflow.defaults.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.AwsHttpStub;
import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.defaults.claimcheck.ClaimCheckRedeemer;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.RecordedIncidents;
import dev.orderflow.defaults.retry.RetryBackOff;
import dev.orderflow.defaults.tracing.TracePropagation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/// The handling of messages with claim checks.
class MessageProcessorTest {

    private static final String DETAIL = "{\"eventId\":\"e\"}";

    /// Of [#DETAIL].
    private static final String SHA256 =
            "0a058539640bbc05fae6960d31fd485fe3c9296007813add94ef4d28ce977752";

    private final HttpStub store = new HttpStub(_ -> new StubResponse(200, DETAIL));
    private final S3Client s3 = AwsHttpStub.client(store, S3Client.builder().forcePathStyle(true));
    private final RecordedIncidents incidents = new RecordedIncidents();
    private final MessageProcessor processor =
            new MessageProcessor(
                    new DeadLetterSender(SqsCalls.using(SqsFixture::client)),
                    new SimpleMeterRegistry(),
                    RetryBackOff.doublingWithFullJitter(Duration.ZERO, Duration.ZERO),
                    OutageBackOff.of(Duration.ZERO, Duration.ZERO),
                    TracePropagation.noop("test"),
                    new ClaimCheckRedeemer("ours", () -> s3),
                    OutageBackOff.of(Duration.ofHours(1), Duration.ofHours(1)),
                    incidents,
                    null);
    private final String queue = "messages-" + UUID.randomUUID();
    private final List<String> handled = new ArrayList<>();
    private String queueUrl = "";

    @BeforeEach
    void queue() {
        queueUrl = SqsFixture.createQueue(queue);
    }

    @AfterEach
    void close() {
        s3.close();
    }

    @Test
    void aHandlerReadsTheWholeMessage() {
        var message = new RecordingHandle(claimCheck("ours"));
        processor.process(message, this::handle);
        assertThat(handled).containsExactly(whole());
        assertThat(message.handling).isEqualTo("acknowledged");
    }

    @Test
    void anUnredeemableClaimCheckIsDeadLetteredUnchangedWithTheReason() {
        var message = new RecordingHandle(claimCheck("theirs"));
        processor.process(message, this::handle);
        assertThat(handled).isEmpty();
        assertThat(message.handling).isEqualTo("acknowledged");
        assertThat(SqsFixture.receiveAndDelete(queue + "-dlq"))
                .singleElement()
                .satisfies(
                        dead -> {
                            assertThat(dead.body()).isEqualTo(claimCheck("theirs"));
                            assertThat(dead.messageAttributes().get("reason").stringValue())
                                    .isEqualTo("claim check names an untrusted bucket");
                        });
    }

    @Test
    void aMessageIsRetriedWhileS3IsUnavailable() {
        store.respondWith(_ -> new StubResponse(503, ""));
        var message = new RecordingHandle(claimCheck("ours"));
        processor.process(message, this::handle);
        assertThat(handled).isEmpty();
        assertThat(message.handling).isEqualTo("visibility changed");
        assertThat(SqsFixture.depth(queue + "-dlq")).isZero();
        store.respondWith(_ -> new StubResponse(200, DETAIL));
        processor.process(message, this::handle);
        assertThat(message.handling).isEqualTo("acknowledged");
    }

    @Test
    void completeMessagesOfABatchAreHandledTogetherAndEachHasItsOwnResult() {
        var plain = new RecordingHandle("plain");
        var foreign = new RecordingHandle(claimCheck("theirs"));
        var ours = new RecordingHandle(claimCheck("ours"));
        var calls = new ArrayList<Integer>();
        processor.processBatch(
                List.of(plain, foreign, ours),
                batch -> {
                    calls.add(batch.size());
                    return batch.stream().map(this::handle).toList();
                });
        assertThat(calls).containsExactly(2);
        assertThat(handled).containsExactly("plain", whole());
        assertThat(List.of(plain, foreign, ours))
                .allSatisfy(it -> assertThat(it.handling).isEqualTo("acknowledged"));
        assertThat(SqsFixture.receiveAndDelete(queue + "-dlq")).hasSize(1);
    }

    @Test
    void anOrderHasAnIncidentForWhatIsReceivedAgainFailsOrIsRejectedAndForNothingElse() {
        var order = UUID.randomUUID();
        var body = "{\"orderId\":\"" + order + "\"}";
        processor.process(new RecordingHandle(body), _ -> HandlingResult.ACKNOWLEDGE);
        assertThat(incidents.find(order)).isEmpty();
        processor.process(
                new RecordingHandle(body),
                _ -> {
                    throw new IllegalStateException("jane@example.com");
                });
        processor.process(new RecordingHandle(body, 2), _ -> HandlingResult.ACKNOWLEDGE);
        processor.processBatch(
                List.of(new RecordingHandle(body, 2), new RecordingHandle("not JSON", 2)),
                batch ->
                        batch.stream()
                                .<HandlingResult>map(_ -> new HandlingResult.Reject("no stock"))
                                .toList());
        assertThat(incidents.find(order))
                .extracting(OrderHistoryEntry::type)
                .containsExactly(
                        "MESSAGE_FAILED",
                        "MESSAGE_REDELIVERED",
                        "MESSAGE_REDELIVERED",
                        "MESSAGE_REJECTED");
        assertThat(incidents.find(order).toString())
                .contains("illegal state", "no stock", queue)
                .doesNotContain("jane");
    }

    /// Its execution has the name of the order.
    @Test
    void anOrderWhoseWorkflowFailedHasAnIncidentWhenItsMessageWasRedriven() {
        var order = UUID.randomUUID();
        var body =
                """
                {"source":"aws.states","detail-type":"Step Functions Execution Status Change",
                 "detail":{"name":"%s","status":"FAILED"}}"""
                        .formatted(order);
        processor.process(
                new RecordingHandle(body, 1, UUID.randomUUID()), _ -> HandlingResult.ACKNOWLEDGE);
        assertThat(incidents.find(order))
                .extracting(OrderHistoryEntry::type)
                .containsExactly("MESSAGE_REDRIVEN");
    }

    @Test
    void aBatchWithoutCompleteMessagesCallsNoHandler() {
        var first = new RecordingHandle(claimCheck("theirs"));
        var second = new RecordingHandle(claimCheck("theirs"));
        processor.processBatch(
                List.of(first, second),
                _ -> {
                    throw new IllegalStateException("there is nothing to handle");
                });
        assertThat(SqsFixture.receiveAndDelete(queue + "-dlq")).hasSize(2);
    }

    private HandlingResult handle(ReceivedMessage delivery) {
        handled.add(delivery.body());
        return HandlingResult.ACKNOWLEDGE;
    }

    private static String claimCheck(String bucket) {
        return """
               {"detail":{"eventId":"e","claimCheck":{"bucket":"%s","key":"events/e.json","bytes":%d,"sha256":"%s"}}}"""
                .formatted(bucket, DETAIL.length(), SHA256);
    }

    private static String whole() {
        return "{\"detail\":" + DETAIL + "}";
    }

    private final class RecordingHandle implements MessageHandle {

        private final ReceivedMessage delivery;
        private String handling = "";

        RecordingHandle(String body) {
            this(body, 1);
        }

        RecordingHandle(String body, int receiveCount) {
            this(body, receiveCount, null);
        }

        RecordingHandle(String body, int receiveCount, @Nullable UUID redriveId) {
            delivery =
                    new ReceivedMessage(
                            body,
                            UUID.randomUUID().toString(),
                            receiveCount,
                            Instant.now(),
                            queueUrl,
                            redriveId);
        }

        @Override
        public ReceivedMessage message() {
            return delivery;
        }

        @Override
        public CompletableFuture<Void> acknowledge() {
            handling = "acknowledged";
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void changeVisibility(Duration delay) {
            handling = "visibility changed";
        }
    }
}
