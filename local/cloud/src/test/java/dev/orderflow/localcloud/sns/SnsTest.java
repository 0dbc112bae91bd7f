package dev.orderflow.localcloud.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.localcloud.ports.QueuePort.TypedAttribute;
import dev.orderflow.localcloud.ports.RecordingMetricPort;
import dev.orderflow.localcloud.ports.RecordingQueuePort;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsProtocol;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestContext;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class SnsTest {

    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:inbox";
    private static final String DLQ = "arn:aws:sqs:us-east-1:000000000000:dead";
    private static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:news";
    private static final Map<String, String> NEWS = Map.of("TopicName", "news");
    private static final AwsErrorException GONE =
            AwsErrorException.client("AWS.SimpleQueueService.NonExistentQueue", "no such queue");

    private final RecordingQueuePort queues = new RecordingQueuePort();
    private final RecordingMetricPort metrics = new RecordingMetricPort();
    private final Sns sns = new Sns(new CloudClock(1_000), queues, metrics);

    @BeforeEach
    void createTopic() {
        assertThat(call("CreateTopic", "{\"Name\":\"news\"}").get("TopicArn").stringValue())
                .isEqualTo(TOPIC);
    }

    @AfterEach
    void close() {
        sns.close();
    }

    private ObjectNode call(String operation, String input) {
        var context =
                new RequestContext(
                        UUID.randomUUID(),
                        "us-east-1",
                        "000000000000",
                        URI.create("http://localhost:4566/"));
        return sns.handle(
                new AwsRequest(
                        AwsProtocol.QUERY,
                        operation,
                        (ObjectNode) SnsMessage.JSON.readTree(input),
                        context));
    }

    private AwsErrorException callExpectingError(String operation, String input) {
        try {
            var answer = call(operation, input);
            throw new AssertionError(operation + " was not refused but answered " + answer);
        } catch (AwsErrorException e) {
            return e;
        }
    }

    /// Terraform sets the sample rates of delivery logs; other clients set other attributes without
    /// effect here.
    @Test
    void attributesWithoutEffectAreStoredAndReturned() {
        var attributes =
                Map.of(
                        "SQSSuccessFeedbackSampleRate",
                        "7",
                        "DeliveryPolicy",
                        "{}",
                        "Policy",
                        "{\"Statement\":[{\"Effect\":\"Allow\"}]}");
        attributes.forEach(
                (name, value) -> {
                    var set =
                            SnsMessage.JSON
                                    .createObjectNode()
                                    .put("TopicArn", TOPIC)
                                    .put("AttributeName", name)
                                    .put("AttributeValue", value);
                    call("SetTopicAttributes", set.toString());
                    assertThat(
                                    call(
                                                    "GetTopicAttributes",
                                                    "{\"TopicArn\":\"%s\"}".formatted(TOPIC))
                                            .path("Attributes")
                                            .path(name)
                                            .asString())
                            .isEqualTo(value);
                });
    }

    @Test
    void subscribingAgainWithASubsetOfTheAttributesReturnsTheSubscription() {
        var arn =
                subscribe(
                        QUEUE, Map.of("RawMessageDelivery", "true", "FilterPolicy", "{\"a\":[1]}"));
        assertThat(subscribe(QUEUE, Map.of("RawMessageDelivery", "true"))).isEqualTo(arn);
        assertThat(subscribe(QUEUE, Map.of())).isEqualTo(arn);
        assertThat(
                        callExpectingError(
                                        "Subscribe",
                                        "{\"TopicArn\":\"%s\",\"Protocol\":\"sqs\",\"Endpoint\":\"%s\",\"Attributes\":{\"RawMessageDelivery\":\"false\"}}"
                                                .formatted(TOPIC, QUEUE))
                                .getMessage())
                .contains("already exists with different attributes");
    }

    @Test
    void aMessageGroupReachesTheQueue() {
        subscribe(QUEUE, Map.of());
        publish(",\"Message\":\"m\",\"MessageGroupId\":\"tenant-1\"");
        await().until(() -> queues.messages(QUEUE).size() == 1);
        assertThat(queues.messages(QUEUE).getFirst().groupId()).isEqualTo("tenant-1");
    }

    private String subscribe(String endpoint, Map<String, String> attributes) {
        var request =
                SnsMessage.JSON
                        .createObjectNode()
                        .put("TopicArn", TOPIC)
                        .put("Protocol", endpoint.startsWith("arn") ? "sqs" : "http")
                        .put("Endpoint", endpoint)
                        .put("ReturnSubscriptionArn", "true");
        var node = request.putObject("Attributes");
        attributes.forEach(node::put);
        return call("Subscribe", request.toString()).get("SubscriptionArn").stringValue();
    }

    private ObjectNode publish(String more) {
        return call("Publish", "{\"TopicArn\":\"%s\"%s}".formatted(TOPIC, more));
    }

    private String only(String queue) {
        await().until(() -> !queues.messages(queue).isEmpty());
        assertThat(queues.messages(queue)).hasSize(1);
        return queues.messages(queue).getFirst().body();
    }

    @Test
    void aQueueGetsTheMessageInAnEnvelope() {
        subscribe(QUEUE, Map.of());

        var id =
                publish(
                                """
                                ,"Message":"hello","Subject":"greeting",
                                "MessageAttributes":{"kind":{"DataType":"String","StringValue":"warm"}}""")
                        .get("MessageId");

        var envelope = SnsMessage.JSON.readTree(only(QUEUE));
        assertThat(envelope.get("MessageId")).isEqualTo(id);
        assertThat(envelope.get("Type").stringValue()).isEqualTo("Notification");
        assertThat(envelope.get("TopicArn").stringValue()).isEqualTo(TOPIC);
        assertThat(envelope.get("Message").stringValue()).isEqualTo("hello");
        assertThat(envelope.get("Subject").stringValue()).isEqualTo("greeting");
        assertThat(envelope.get("MessageAttributes"))
                .hasToString("{\"kind\":{\"Type\":\"String\",\"Value\":\"warm\"}}");
        assertThat(envelope.get("UnsubscribeURL").stringValue())
                .startsWith("http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=" + TOPIC);
        assertThat(envelope.propertyNames())
                .contains("Timestamp", "SignatureVersion", "Signature", "SigningCertURL");
    }

    @Test
    void rawDeliveryKeepsTheBodyAndTheTypesOfAttributes() {
        subscribe(QUEUE, Map.of("RawMessageDelivery", "true"));

        publish(
                """
                ,"Message":"hello","MessageAttributes":[{"Name":"n","Value":{"DataType":"Number","StringValue":"1.50"}}]""");

        assertThat(only(QUEUE)).isEqualTo("hello");
        assertThat(queues.messages(QUEUE).getFirst().attributes())
                .containsExactly(Map.entry("n", new TypedAttribute("Number", "1.50")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`{\"kind\":[\"warm\"]}` | true",
                "`{\"kind\":[\"cold\"]}` | false",
                "`{\"kind\":[{\"prefix\":\"wa\"}]}` | true",
                "`{\"kind\":[{\"anything-but\":[\"warm\"]}]}` | false",
                "`{\"other\":[{\"exists\":false}]}` | true",
                "`{\"kind\":[{\"exists\":false}]}` | false",
                "`{\"n\":[{\"numeric\":[\">\",1,\"<=\",2]}]}` | true",
                "`{\"n\":[{\"numeric\":[\">\",2]}]}` | false",
                "`{\"n\":[1.5]}` | true",
                "`{\"list\":[\"b\"]}` | true",
                "`{\"kind\":[\"warm\"],\"n\":[9]}` | false",
                "`{\"$or\":[{\"kind\":[\"cold\"]},{\"n\":[1.5]}]}` | true",
                "`{\"bytes\":[\"AQ==\"]}` | false",
            })
    void aFilterPolicyMatchesTheAttributes(String policy, boolean passes) {
        subscribe(QUEUE, Map.of("FilterPolicy", policy));

        publish(
                """
                ,"Message":"{}","MessageAttributes":{"kind":{"DataType":"String","StringValue":"warm"},
                "n":{"DataType":"Number","StringValue":"1.5"},
                "bytes":{"DataType":"Binary","BinaryValue":"AQ=="},
                "list":{"DataType":"String.Array","StringValue":"[\\"a\\",\\"b\\"]"}}""");

        sns.close();
        assertThat(queues.messages(QUEUE)).hasSize(passes ? 1 : 0);
        assertThat(metrics.sum("AWS/SNS/NumberOfNotificationsFilteredOut", NEWS))
                .isEqualTo(passes ? 0 : 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`{\"order\":{\"total\":[{\"numeric\":[\">\",10]}]}}` | true",
                "`{\"order\":{\"state\":[\"SHIPPED\"]}}` | true",
                "`{\"order\":{\"state\":[\"REJECTED\"]}}` | false",
                "`{\"state\":[\"SHIPPED\"]}` | false",
            })
    void aFilterPolicyCanMatchTheBody(String policy, boolean passes) {
        subscribe(QUEUE, Map.of("FilterPolicyScope", "MessageBody", "FilterPolicy", policy));

        publish(
                ",\"Message\":\"{\\\"order\\\":{\\\"total\\\":12.5,\\\"state\\\":\\\"SHIPPED\\\"}}\"");
        publish(",\"Message\":\"not JSON\"");

        sns.close();
        assertThat(queues.messages(QUEUE)).hasSize(passes ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "[]",
                "{\"a\":\"b\"}",
                "{\"a\":{\"b\":[\"c\"]}}",
                "{\"a\":[{\"nonsense\":1}]}",
                "{\"a\":[1],\"b\":[1],\"c\":[1],\"d\":[1],\"e\":[1],\"f\":[1]}",
                "{\"a\":[1,2,3,4,5,6],\"b\":[1,2,3,4,5,6],\"c\":[1,2,3,4,5,6]}"
            })
    void anInvalidFilterPolicyIsRejected(String policy) {
        var arn = subscribe(QUEUE, Map.of());
        var request =
                SnsMessage.JSON
                        .createObjectNode()
                        .put("SubscriptionArn", arn)
                        .put("AttributeName", "FilterPolicy")
                        .put("AttributeValue", policy);

        var refusal = callExpectingError("SetSubscriptionAttributes", request.toString());

        assertThat(refusal.code()).isEqualTo("InvalidParameter");
        assertThat(refusal).hasMessageStartingWith("Invalid parameter: FilterPolicy: ");
    }

    @Test
    void aMessageForADeletedQueueIsDeadLetteredAtOnce() {
        queues.fail(QUEUE, Integer.MAX_VALUE, GONE);
        subscribe(
                QUEUE,
                Map.of(
                        "RawMessageDelivery",
                        "true",
                        "RedrivePolicy",
                        "{\"deadLetterTargetArn\":\"%s\"}".formatted(DLQ)));

        publish(",\"Message\":\"hello\"");

        assertThat(only(DLQ)).isEqualTo("hello");
        assertThat(queues.attempts(QUEUE)).isEqualTo(1);
        await().untilAsserted(
                        () ->
                                assertThat(
                                                metrics.sum(
                                                        "AWS/SNS/NumberOfNotificationsRedrivenToDlq",
                                                        NEWS))
                                        .isEqualTo(1));
    }

    @Test
    void aQueueThatRecoversGetsTheMessageOnce() {
        queues.fail(QUEUE, 8, AwsErrorException.withStatus(500, "InternalError", "later"));
        subscribe(QUEUE, Map.of());

        publish(",\"Message\":\"hello\"");

        only(QUEUE);
        assertThat(queues.attempts(QUEUE)).isEqualTo(9);
    }

    @Test
    void anEndpointReceivesMessagesAfterItConfirmed() {
        var fails = new AtomicInteger(1);
        try (var endpoint =
                new HttpStub(_ -> new StubResponse(fails.getAndDecrement() > 0 ? 503 : 200, ""))) {
            subscribe(endpoint.url() + "/", Map.of());
            publish(",\"Message\":\"too early\"");
            // The first attempt fails.
            await().until(() -> endpoint.requests(_ -> true).size() == 2);
            var question = SnsMessage.JSON.readTree(endpoint.requests(_ -> true).getLast().body());
            assertThat(question.get("SubscribeURL").stringValue())
                    .startsWith("http://localhost:4566/?Action=ConfirmSubscription&TopicArn=");

            call(
                    "ConfirmSubscription",
                    SnsMessage.JSON
                            .createObjectNode()
                            .put("TopicArn", TOPIC)
                            .put("Token", question.get("Token").stringValue())
                            .toString());
            publish(",\"Message\":\"hello\"");

            await().until(() -> endpoint.requests(_ -> true).size() == 3);
            assertThat(endpoint.requests(_ -> true))
                    .extracting(request -> request.header("x-amz-sns-message-type"))
                    .containsExactly(
                            "SubscriptionConfirmation", "SubscriptionConfirmation", "Notification");
            var notification = endpoint.requests(_ -> true).getLast().body();
            assertThat(SnsMessage.JSON.readTree(notification).get("Message").stringValue())
                    .isEqualTo("hello");
        }
    }

    @Test
    void subscribingTwiceReturnsTheSameSubscription() {
        var first = subscribe(QUEUE, Map.of("RawMessageDelivery", "true"));

        assertThat(subscribe(QUEUE, Map.of("RawMessageDelivery", "true"))).isEqualTo(first);
        assertThat(
                        callExpectingError(
                                "Subscribe",
                                """
                                {"TopicArn":"%s","Protocol":"sqs","Endpoint":"%s","Attributes":{"RawMessageDelivery":"false"}}"""
                                        .formatted(TOPIC, QUEUE)))
                .hasMessageContaining("Subscription already exists with different attributes");
        publish(",\"Message\":\"once\"");
        sns.close();
        assertThat(queues.messages(QUEUE)).hasSize(1);
    }

    @Test
    void anUnsubscribedQueueReceivesNothing() {
        var arn = subscribe(QUEUE, Map.of());
        call("Unsubscribe", "{\"SubscriptionArn\":\"%s\"}".formatted(arn));

        publish(",\"Message\":\"hello\"");

        sns.close();
        assertThat(queues.messages(QUEUE)).isEmpty();
    }

    @Test
    void aMessageCanDifferByProtocol() {
        subscribe(QUEUE, Map.of("RawMessageDelivery", "true"));

        publish(
                ",\"MessageStructure\":\"json\",\"Message\":\"{\\\"default\\\":\\\"d\\\",\\\"sqs\\\":\\\"for queues\\\"}\"");

        assertThat(only(QUEUE)).isEqualTo("for queues");
    }

    @Test
    void aBatchReportsTheResultOfEachEntry() {
        subscribe(QUEUE, Map.of("RawMessageDelivery", "true"));

        var answer =
                call(
                        "PublishBatch",
                        """
                        {"TopicArn":"%s","PublishBatchRequestEntries":[{"Id":"a","Message":"1"},{"Id":"b","Message":""}]}"""
                                .formatted(TOPIC));

        assertThat(answer.at("/Successful/0/Id").stringValue()).isEqualTo("a");
        assertThat(answer.at("/Failed/0/Id").stringValue()).isEqualTo("b");
        assertThat(answer.at("/Failed/0/Code").stringValue()).isEqualTo("InvalidParameter");
        assertThat(only(QUEUE)).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`[]` | EmptyBatchRequest",
                "`[{\"Id\":\"a\",\"Message\":\"1\"},{\"Id\":\"a\",\"Message\":\"2\"}]` | BatchEntryIdsNotDistinct",
                "`[{\"Id\":\"a b\",\"Message\":\"1\"}]` | InvalidBatchEntryId",
            })
    void anInvalidBatchIsRejectedAsAWhole(String entries, String code) {
        assertThat(
                        callExpectingError(
                                        "PublishBatch",
                                        "{\"TopicArn\":\"%s\",\"PublishBatchRequestEntries\":%s}"
                                                .formatted(TOPIC, entries))
                                .code())
                .isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Publish | `{\"TopicArn\":\"TOPIC\",\"Message\":\"\"}` | InvalidParameter",
                "Publish | `{\"TopicArn\":\"TOPICx\",\"Message\":\"m\"}` | NotFound",
                "Publish | `{\"TopicArn\":\"x\",\"Message\":\"m\"}` | InvalidParameter",
                "Publish | `{\"PhoneNumber\":\"1\",\"Message\":\"m\"}` | InvalidParameter",
                "Publish | `{\"TopicArn\":\"TOPIC\",\"Message\":\"m\",\"MessageDeduplicationId\":\"g\"}` | InvalidParameter",
                "Publish | `{\"TopicArn\":\"TOPIC\",\"Message\":\"m\",\"MessageAttributes\":{\"a\":{\"DataType\":\"Nonsense\",\"StringValue\":\"v\"}}}` | ParameterValueInvalid",
                "Publish | `{\"TopicArn\":\"TOPIC\",\"Message\":\"m\",\"MessageAttributes\":{\"a\":{\"DataType\":\"Number\",\"StringValue\":\"1e999999999\"}}}` | ParameterValueInvalid",
                "Publish | `{\"TopicArn\":\"TOPIC\",\"Message\":\"m\",\"MessageAttributes\":{\"a\":{\"DataType\":\"Number\",\"StringValue\":\"1e2147483648\"}}}` | ParameterValueInvalid",
                "Publish | `{\"TopicArn\":\"TOPIC\",\"Message\":\"m\",\"MessageStructure\":\"json\"}` | InvalidParameter",
                "Subscribe | `{\"TopicArn\":\"TOPIC\",\"Protocol\":\"email\",\"Endpoint\":\"a@b.c\"}` | InvalidParameter",
                "Subscribe | `{\"TopicArn\":\"TOPIC\",\"Protocol\":\"http\",\"Endpoint\":\"https://a.b\"}` | InvalidParameter",
                "Subscribe | `{\"TopicArn\":\"TOPIC\",\"Protocol\":\"sqs\",\"Endpoint\":\"inbox\"}` | InvalidParameter",
                "CreateTopic | `{\"Name\":\"a b\"}` | InvalidParameter",
                "CreateTopic | `{\"Name\":\"a.fifo\",\"Attributes\":{\"FifoTopic\":\"true\"}}` | InvalidParameter",
                "CreateTopic | `{\"Name\":\"a\",\"Attributes\":{\"ArchivePolicy\":\"{}\"}}` | InvalidParameter",
                "CreateTopic | `{\"Name\":{\"a\":1}}` | InvalidParameter",
                "GetSubscriptionAttributes | `{\"SubscriptionArn\":\"TOPIC:none\"}` | NotFound",
                "CreatePlatformApplication | `{}` | UnknownOperationException",
            })
    void invalidRequestsAreRejected(String operation, String input, String code) {
        assertThat(callExpectingError(operation, input.replace("TOPIC", TOPIC)).code())
                .isEqualTo(code);
    }

    @Test
    void aMessageAboveTheLimitIsRefusedAndOneAtTheLimitIsNot() {
        publish(",\"Message\":\"" + "x".repeat(262_144) + "\"");

        assertThat(
                        callExpectingError(
                                "Publish",
                                "{\"TopicArn\":\"%s\",\"Message\":\"%s\"}"
                                        .formatted(TOPIC, "x".repeat(262_145))))
                .hasMessage("Invalid parameter: Message too long");
    }

    @Test
    void creatingATopicAgainReturnsItUnlessItsAttributesDiffer() {
        assertThat(call("CreateTopic", "{\"Name\":\"news\"}").get("TopicArn").stringValue())
                .isEqualTo(TOPIC);
        assertThat(
                        callExpectingError(
                                "CreateTopic",
                                "{\"Name\":\"news\",\"Attributes\":{\"DisplayName\":\"x\"}}"))
                .hasMessageContaining("Topic already exists with different attributes");
    }

    @Test
    void aDeletedTopicAndItsSubscriptionsDoNotExist() {
        var arn = subscribe(QUEUE, Map.of());
        call("DeleteTopic", "{\"TopicArn\":\"%s\"}".formatted(TOPIC));
        call("DeleteTopic", "{\"TopicArn\":\"%s\"}".formatted(TOPIC));

        assertThat(
                        callExpectingError(
                                        "GetSubscriptionAttributes",
                                        "{\"SubscriptionArn\":\"%s\"}".formatted(arn))
                                .code())
                .isEqualTo("NotFound");
        assertThat(call("ListTopics", "{}").get("Topics")).isEmpty();
    }

    @Test
    void anotherServicePublishesThroughThePort() {
        subscribe(QUEUE, Map.of("FilterPolicy", "{\"state\":[\"ALARM\"]}"));

        sns.publish(TOPIC, "subject", "it burns", Map.of("state", "ALARM"));

        assertThat(only(QUEUE)).contains("it burns");
        assertThat(List.of("subject", "ALARM")).allMatch(only(QUEUE)::contains);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
                    Policy | {
                    Policy | []
                    Policy | {"Statement":"x"}
                    DeliveryPolicy | {
                    DisplayName | LONG
                    SignatureVersion | 3
                    TracingConfig | On
                    SQSSuccessFeedbackSampleRate | 101
                    """)
    void anAttributeOfATopicThatSnsRefusesIsNotKept(String name, String value) {
        var given = value.replace("LONG", "x".repeat(101));
        var set =
                SnsMessage.JSON
                        .createObjectNode()
                        .put("TopicArn", TOPIC)
                        .put("AttributeName", name)
                        .put("AttributeValue", given);
        assertThat(callExpectingError("SetTopicAttributes", set.toString()).code())
                .isEqualTo("InvalidParameter");
        var create = SnsMessage.JSON.createObjectNode().put("Name", "other");
        create.putObject("Attributes").put(name, given);
        assertThat(callExpectingError("CreateTopic", create.toString()).code())
                .isEqualTo("InvalidParameter");
        assertThat(call("ListTopics", "{}").get("Topics")).hasSize(1);
    }

    @Test
    void anArnOfAnotherServiceIsNotCalledTooShort() {
        assertThat(callExpectingError("GetTopicAttributes", "{\"TopicArn\":\"" + QUEUE + "\"}"))
                .hasMessageContaining("is not the ARN of a topic");
        assertThat(callExpectingError("GetTopicAttributes", "{\"TopicArn\":\"foo\"}"))
                .hasMessageContaining("An ARN must have at least 6 elements, not 1");
    }
}
