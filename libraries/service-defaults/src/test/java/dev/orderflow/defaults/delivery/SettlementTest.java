package dev.orderflow.defaults.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.claimcheck.ClaimChecks;
import dev.orderflow.defaults.fixture.QueuesFixture;
import dev.orderflow.defaults.fixture.StandIn;
import dev.orderflow.defaults.fixture.StandIn.Answer;
import dev.orderflow.defaults.tracing.Traces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// What becomes of messages that travel by claim check.
class SettlementTest {

    private static final String DETAIL = "{\"eventId\":\"e\"}";

    /// Of [#DETAIL].
    private static final String SHA256 =
            "0a058539640bbc05fae6960d31fd485fe3c9296007813add94ef4d28ce977752";

    private final StandIn store = new StandIn(_ -> new Answer(200, DETAIL));
    private final S3Client s3 =
            S3Client.builder()
                    .endpointOverride(URI.create(store.url()))
                    .region(Region.US_EAST_1)
                    .forcePathStyle(true)
                    .credentialsProvider(AnonymousCredentialsProvider.create())
                    .overrideConfiguration(it -> it.retryStrategy(AwsRetryStrategy.doNotRetry()))
                    .build();
    private final Settlement settlement =
            new Settlement(
                    new DeadLetters(QueueCalls.by(QueuesFixture::client)),
                    new SimpleMeterRegistry(),
                    new BackOff(Duration.ZERO, Duration.ZERO),
                    new LongBackOff(Duration.ZERO, Duration.ZERO),
                    Traces.unrecorded("test"),
                    new ClaimChecks("ours", () -> s3),
                    new LongBackOff(Duration.ofHours(1), Duration.ofHours(1)),
                    null);
    private final String queue = "settlement-" + UUID.randomUUID();
    private final List<String> handled = new ArrayList<>();
    private String queueUrl = "";

    @BeforeEach
    void queue() {
        queueUrl = QueuesFixture.create(queue);
    }

    @AfterEach
    void close() {
        s3.close();
    }

    @Test
    void aHandlerReadsTheWholeMessage() {
        var message = new Held(claimCheck("ours"));
        settlement.settle(message, this::handle);
        assertThat(handled).containsExactly(whole());
        assertThat(message.fate).isEqualTo("acknowledged");
    }

    @Test
    void whatCannotBeRedeemedIsDeadLetteredAsItWasWithTheReason() {
        var message = new Held(claimCheck("theirs"));
        settlement.settle(message, this::handle);
        assertThat(handled).isEmpty();
        assertThat(message.fate).isEqualTo("acknowledged");
        assertThat(QueuesFixture.drain(queue + "-dlq"))
                .singleElement()
                .satisfies(
                        dead -> {
                            assertThat(dead.body()).isEqualTo(claimCheck("theirs"));
                            assertThat(dead.messageAttributes().get("reason").stringValue())
                                    .isEqualTo("claim check for a foreign bucket");
                        });
    }

    @Test
    void aMessageWaitsWhileS3IsAway() {
        store.behave(_ -> new Answer(503, ""));
        var message = new Held(claimCheck("ours"));
        settlement.settle(message, this::handle);
        assertThat(handled).isEmpty();
        assertThat(message.fate).isEqualTo("hidden");
        assertThat(QueuesFixture.depth(queue + "-dlq")).isZero();
        store.behave(_ -> new Answer(200, DETAIL));
        settlement.settle(message, this::handle);
        assertThat(message.fate).isEqualTo("acknowledged");
    }

    @Test
    void inABatchEachGoesItsOwnWayAndTheWholeOnesAreHandledTogether() {
        var plain = new Held("plain");
        var foreign = new Held(claimCheck("theirs"));
        var ours = new Held(claimCheck("ours"));
        var calls = new ArrayList<Integer>();
        settlement.settleBatch(
                List.of(plain, foreign, ours),
                batch -> {
                    calls.add(batch.size());
                    return batch.stream().map(this::handle).toList();
                });
        assertThat(calls).containsExactly(2);
        assertThat(handled).containsExactly("plain", whole());
        assertThat(List.of(plain, foreign, ours))
                .allSatisfy(it -> assertThat(it.fate).isEqualTo("acknowledged"));
        assertThat(QueuesFixture.drain(queue + "-dlq")).hasSize(1);
    }

    @Test
    void aBatchOfWhichNothingIsWholeNeedsNoHandler() {
        var first = new Held(claimCheck("theirs"));
        var second = new Held(claimCheck("theirs"));
        settlement.settleBatch(
                List.of(first, second),
                _ -> {
                    throw new IllegalStateException("there is nothing to handle");
                });
        assertThat(QueuesFixture.drain(queue + "-dlq")).hasSize(2);
    }

    private Outcome handle(Delivery delivery) {
        handled.add(delivery.body());
        return Outcome.DONE;
    }

    private static String claimCheck(String bucket) {
        return """
               {"detail":{"eventId":"e","claimCheck":{"bucket":"%s","key":"events/e.json","bytes":%d,"sha256":"%s"}}}"""
                .formatted(bucket, DETAIL.length(), SHA256);
    }

    private static String whole() {
        return "{\"detail\":" + DETAIL + "}";
    }

    private final class Held implements Incoming {

        private final Delivery delivery;
        private String fate = "";

        Held(String body) {
            delivery = new Delivery(body, UUID.randomUUID().toString(), 1, Instant.now(), queueUrl);
        }

        @Override
        public Delivery delivery() {
            return delivery;
        }

        @Override
        public CompletableFuture<Void> acknowledge() {
            fate = "acknowledged";
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void hide(Duration delay) {
            fate = "hidden";
        }
    }
}
