package dev.orderflow.outbox.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.AwsHttpStub;
import dev.orderflow.outbox.EventPayload;
import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.OutboxTarget.EntryResult;
import dev.orderflow.outbox.OutboxTarget.PublishResult;
import dev.orderflow.outbox.OutboxTarget.TargetState;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sqs.SqsClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Uses the SDK with a stub that returns the HTTP responses of SQS.
class SqsTargetTest {

    private final AwsHttpStub wire = new AwsHttpStub();
    private final SqsClient client =
            wire.client(SqsClient.builder().checksumValidationEnabled(false));
    private final SqsTarget queue = new SqsTarget(client, "http://127.0.0.1/000000000000/orders");
    private final SqsTarget fifo =
            new SqsTarget(client, "http://127.0.0.1/000000000000/orders.fifo");

    @AfterEach
    void stop() {
        client.close();
        wire.close();
    }

    @Test
    void eachMessageHasTheResultOfItsOwnEntryWhateverTheirSequence() {
        wire.answer =
                """
                {"Failed":[{"Id":"3","Code":"InternalError","SenderFault":false},
                           {"Id":"1","Code":"InvalidMessageContents","SenderFault":true},
                           {"Id":"4","Code":"KmsThrottled","SenderFault":true}],
                 "Successful":[{"Id":"2","MessageId":"b","MD5OfMessageBody":"x"},
                               {"Id":"0","MessageId":"a","MD5OfMessageBody":"x"}]}""";
        assertThat(
                        queue.publish(
                                List.of(
                                        event("a"),
                                        event("b"),
                                        event("c"),
                                        event("d"),
                                        event("e"))))
                .isEqualTo(
                        new PublishResult.EntryResults(
                                List.of(
                                        new EntryResult.EntryAccepted(),
                                        new EntryResult.EntryRejected("InvalidMessageContents"),
                                        new EntryResult.EntryAccepted(),
                                        new EntryResult.EntryFailed("InternalError"),
                                        new EntryResult.EntryThrottled())));
    }

    @Test
    void aResponseThatLeavesAnEntryOutProvesNothing() {
        wire.answer =
                "{\"Successful\":[{\"Id\":\"1\",\"MessageId\":\"b\",\"MD5OfMessageBody\":\"x\"}],\"Failed\":[]}";
        assertThat(queue.publish(List.of(event("a"), event("b"))))
                .isInstanceOf(PublishResult.TargetUnavailable.class);
    }

    @Test
    void bodyAndAttributesCarryTheEvent() {
        var message =
                sent(
                        queue,
                        event("a")
                                .withHeader("traceparent", "00-1-2-01")
                                .withHeader("tenant", "t1"));
        assertThat(message.path("MessageBody").asString()).isEqualTo("{\"n\":1}");
        assertThat(attribute(message, "eventId")).isEqualTo("a");
        assertThat(attribute(message, "eventType")).isEqualTo("OrderCreated");
        assertThat(attribute(message, "contentType")).isEqualTo("application/json");
        assertThat(attribute(message, "traceparent")).isEqualTo("00-1-2-01");
        assertThat(attribute(message, "tenant")).isEqualTo("t1");
        assertThat(message.has("MessageGroupId")).isFalse();
    }

    @Test
    void bytesTravelAsBase64() {
        var binary =
                event("a")
                        .withPayload(new EventPayload(new byte[] {0, -1}, "application/protobuf"));
        var message = sent(queue, binary);
        assertThat(message.path("MessageBody").asString()).isEqualTo("AP8=");
        assertThat(attribute(message, "contentEncoding")).isEqualTo("base64");
    }

    @Test
    void noMoreThanTenAttributesAreSentAndTheTraceIsAmongThem() {
        var event = event("a").withHeader("traceparent", "00-1-2-01").withHeader("not a name", "x");
        for (int i = 0; i < 20; i++) {
            event = event.withHeader("header-" + i, "value");
        }
        var attributes = sent(queue, event).path("MessageAttributes");
        assertThat(attributes.size()).isEqualTo(10);
        assertThat(attributes.propertyNames())
                .contains("traceparent", "eventId")
                .doesNotContain("not a name");
    }

    @Test
    void ofAFifoQueueTheKeyIsTheGroupAndTheEventIdTheDeduplicationId() {
        var message = sent(fifo, event("a"));
        assertThat(message.path("MessageGroupId").asString()).isEqualTo("order-1");
        assertThat(message.path("MessageDeduplicationId").asString()).isEqualTo("a");
    }

    @Test
    void aKeyThatSqsDoesNotPermitAsGroupIsReplacedByItsDigest() {
        var odd = OutboxEvent.of("OrderCreated", "ü ".repeat(100), EventPayload.json("{}"));
        var group = sent(fifo, odd).path("MessageGroupId").asString();
        assertThat(group).matches("[0-9a-f]{64}");
        assertThat(sent(fifo, odd).path("MessageGroupId").asString()).isEqualTo(group);
    }

    @ParameterizedTest
    @CsvSource({
        "400, QueueDoesNotExist, CallBlocked",
        "403, AccessDenied, CallBlocked",
        "400, RequestThrottled, TargetUnavailable",
        "400, KMS.ThrottlingException, TargetUnavailable",
        "400, KMS.AccessDeniedException, CallBlocked",
        "400, KMS.InvalidStateException, CallBlocked",
        "400, AWS.SimpleQueueService.QueueDeletedRecently, CallBlocked",
        "500, InternalFailure, TargetUnavailable",
        "400, BatchRequestTooLong, CallRejected"
    })
    void aRejectedCallIsUnderstoodByItsCode(int status, String code, String result) {
        wire.answerWithError(status, code);
        assertThat(queue.publish(List.of(event("a"))).getClass().getSimpleName()).isEqualTo(result);
    }

    @Test
    void aMissingQueueIsReported() {
        wire.answer = "{\"Attributes\":{}}";
        assertThat(queue.findState()).isEqualTo(new TargetState.TargetExists());
        wire.answerWithError(400, "QueueDoesNotExist");
        assertThat(queue.findState()).isEqualTo(new TargetState.TargetMissing());
        wire.answerWithError(403, "AccessDenied");
        assertThat(queue.findState()).isEqualTo(new TargetState.TargetUnknown("AccessDenied"));
    }

    private JsonNode sent(SqsTarget target, OutboxEvent event) {
        wire.answer =
                "{\"Successful\":[{\"Id\":\"0\",\"MessageId\":\"b\",\"MD5OfMessageBody\":\"x\"}],\"Failed\":[]}";
        target.publish(List.of(event));
        return JsonMapper.shared().readTree(wire.lastRequestBody()).at("/Entries/0");
    }

    private static String attribute(JsonNode message, String name) {
        return message.at("/MessageAttributes/" + name + "/StringValue").asString();
    }

    private static OutboxEvent event(String id) {
        return OutboxEvent.of("OrderCreated", "order-1", EventPayload.json("{\"n\":1}")).withId(id);
    }
}
