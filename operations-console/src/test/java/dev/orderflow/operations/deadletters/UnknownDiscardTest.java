package dev.orderflow.operations.deadletters;

import static dev.orderflow.operations.deadletters.DeadLetterFixture.SHIPPING;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.all;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadLetter;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.receive;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.shipmentRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.redrive.Redrive;
import dev.orderflow.operations.redrive.RedriveTask.RedriveAction;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.sqs.model.DeleteMessageRequest;
import software.amazon.awssdk.services.sqs.model.SqsException;
import tools.jackson.databind.JsonNode;

/// A discard whose deletion fails: the stored copy is removed only if the message is certainly in
/// its queue.
@OperationsConsoleFixture
class UnknownDiscardTest {

    private static final SdkException NO_RESPONSE = SdkClientException.create("no response");

    private final DeadLetterFixture deadLetters;
    private final DeadLetterTaskFixture discards;
    private final UUID order = ServiceStubs.putOrder("CONFIRMED").id;

    @Autowired
    UnknownDiscardTest(
            @LocalServerPort int port, JdbcClient jdbc, AutowireCapableBeanFactory beans) {
        deadLetters = new DeadLetterFixture(port, jdbc);
        discards = DeadLetterTaskFixture.from(beans);
        putDeadLetter(SHIPPING, shipmentRequest(order), Map.of());
    }

    @Test
    void aMessageThatWasDeletedWithoutAResponseCanBeRestored() {
        var ended = discard(new LostResponses());
        assertThat(ended.failed()).isEqualTo(1);
        assertThat(ended.reasons())
                .singleElement()
                .satisfies(reason -> assertThat(reason.description()).contains("can be restored"));
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isZero();

        restore(discarded().get(0));
        assertThat(receive(SHIPPING + "-dlq"))
                .singleElement()
                .satisfies(message -> assertThat(message.body()).isEqualTo(shipmentRequest(order)));
    }

    @Test
    void aMessageThatSqsRefusedToDeleteIsNotDiscarded() {
        var refusal =
                SqsException.builder()
                        .statusCode(403)
                        .awsErrorDetails(
                                AwsErrorDetails.builder().errorCode("AccessDenied").build())
                        .build();
        var ended = discard(new FailedRequests(refusal));
        assertThat(ended.failed()).as(ended.toString()).isEqualTo(1);
        assertThat(discarded()).isEmpty();
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
    }

    /// It is in its queue after all, and its copy was restored.
    @Test
    void aMessageThatWasNotDeletedCanBeDiscardedAgainAfterItsCopyWasRestored() {
        assertThat(discard(new FailedRequests(NO_RESPONSE)).failed()).isEqualTo(1);
        var kept = discarded().get(0);
        restore(kept);
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(2);

        var again =
                deadLetters.api.awaitEnd(
                        deadLetters.api.post(202, "/dead-letters/" + SHIPPING + "/discard", all()));
        assertThat(again.path("done").intValue()).isEqualTo(2);
        assertThat(discarded()).hasSize(2);
        restore(kept);
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
    }

    private JsonNode discarded() {
        return deadLetters.api.get("/discarded-messages?orderId=" + order).path("messages");
    }

    private void restore(JsonNode message) {
        deadLetters.api.post(
                200,
                "/discarded-messages/%s/%s/restoration"
                        .formatted(
                                message.path("queue").stringValue(),
                                message.path("messageId").stringValue()),
                Map.of("reason", "it is needed after all"));
    }

    /// SQS deletes the message, and its response does not arrive.
    private static final class LostResponses implements ExecutionInterceptor {

        @Override
        public void afterTransmission(
                Context.AfterTransmission call, ExecutionAttributes attributes) {
            if (isDeletion(call.request())) {
                throw NO_RESPONSE;
            }
        }
    }

    /// The request does not arrive.
    private record FailedRequests(SdkException failure) implements ExecutionInterceptor {

        @Override
        public void beforeTransmission(
                Context.BeforeTransmission call, ExecutionAttributes attributes) {
            if (isDeletion(call.request())) {
                throw failure;
            }
        }
    }

    private static boolean isDeletion(SdkRequest request) {
        return request instanceof DeleteMessageRequest;
    }

    /// Discards the dead letters of shipping with an SQS that does not delete them as it should.
    private Redrive discard(ExecutionInterceptor interceptor) {
        var id =
                discards.start(
                        new DeadLetterQueues(SqsFixture.client(interceptor), discards.properties()),
                        discards.canary(),
                        UUID.randomUUID(),
                        RedriveAction.DISCARD,
                        SHIPPING + "-dlq",
                        false);
        return await().until(
                        () -> discards.find(id),
                        redrive -> redrive.state() != Redrive.RedriveState.RUNNING);
    }
}
