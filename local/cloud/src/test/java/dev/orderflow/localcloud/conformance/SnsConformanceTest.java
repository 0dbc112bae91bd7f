package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.localcloud.conformance.TestQueues.TestQueue;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.InvalidParameterValueException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sns.model.TooManyEntriesInBatchRequestException;
import tools.jackson.databind.json.JsonMapper;

/// SNS as AWS documents it, through the AWS SDK.
class SnsConformanceTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final SnsClient sns = CloudUnderTest.client(SnsClient.builder());
    private final TestQueues queues = new TestQueues();
    private String name = "";
    private String topic = "";

    @BeforeEach
    void createTopic() {
        name = CloudUnderTest.unique("topic");
        topic = sns.createTopic(create -> create.name(name)).topicArn();
    }

    private String subscribe(TestQueue queue, Map<String, String> attributes) {
        return sns.subscribe(
                        s ->
                                s.topicArn(topic)
                                        .protocol("sqs")
                                        .endpoint(queue.arn())
                                        .attributes(attributes)
                                        .returnSubscriptionArn(true))
                .subscriptionArn();
    }

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
    }

    private static MessageAttributeValue number(String value) {
        return MessageAttributeValue.builder().dataType("Number").stringValue(value).build();
    }

    /// A queue gets the message inside a JSON document with the message's metadata.
    /// https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
    @Test
    void aQueueGetsTheMessageInTheDocumentedEnvelope() {
        var queue = queues.create("inbox");
        subscribe(queue, Map.of());

        var id =
                sns.publish(
                                p ->
                                        p.topicArn(topic)
                                                .message("hello & <goodbye>")
                                                .subject("greeting")
                                                .messageAttributes(Map.of("kind", text("warm"))))
                        .messageId();

        var envelope = JSON.readTree(queues.next(queue).body());
        assertThat(envelope.get("Type").stringValue()).isEqualTo("Notification");
        assertThat(envelope.get("MessageId").stringValue()).isEqualTo(id);
        assertThat(envelope.get("TopicArn").stringValue()).isEqualTo(topic);
        assertThat(envelope.get("Subject").stringValue()).isEqualTo("greeting");
        assertThat(envelope.get("Message").stringValue()).isEqualTo("hello & <goodbye>");
        assertThat(envelope.at("/MessageAttributes/kind"))
                .hasToString("{\"Type\":\"String\",\"Value\":\"warm\"}");
        assertThat(envelope.propertyNames())
                .contains(
                        "Timestamp",
                        "SignatureVersion",
                        "Signature",
                        "SigningCertURL",
                        "UnsubscribeURL");
    }

    /// With raw delivery the body is the message, and its attributes become those of the SQS
    /// message.
    /// https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
    @Test
    void rawDeliveryPassesBodyAndAttributes() {
        var queue = queues.create("inbox");
        subscribe(queue, Map.of("RawMessageDelivery", "true"));

        sns.publish(
                p ->
                        p.topicArn(topic)
                                .message("hello")
                                .messageAttributes(
                                        Map.of("kind", text("warm"), "weight", number("1.5"))));

        var message = queues.next(queue);
        assertThat(message.body()).isEqualTo("hello");
        assertThat(message.messageAttributes().get("kind").stringValue()).isEqualTo("warm");
        assertThat(message.messageAttributes().get("weight").stringValue()).isEqualTo("1.5");
    }

    /// A subscription with a filter policy gets only the messages whose attributes match it.
    /// https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
    @Test
    void aFilterPolicyOnAttributesRejectsOtherMessages() {
        var queue = queues.create("inbox");
        subscribe(
                queue,
                Map.of(
                        "RawMessageDelivery",
                        "true",
                        "FilterPolicy",
                        "{\"kind\":[{\"prefix\":\"wa\"}],\"weight\":[{\"numeric\":[\">\",1]}],\"gift\":[{\"exists\":false}]}"));

        publish("1", Map.of("kind", text("warm"), "weight", number("2")));
        publish("2", Map.of("kind", text("cold"), "weight", number("2")));
        publish("3", Map.of("kind", text("warm"), "weight", number("1")));
        publish("4", Map.of("kind", text("warm"), "weight", number("2"), "gift", text("yes")));
        publish("5", Map.of());
        publish("6", Map.of("kind", text("wary"), "weight", number("1.01")));

        assertThat(queues.all(queue, 2))
                .extracting(message -> message.body())
                .containsExactlyInAnyOrder("1", "6");
    }

    private void publish(String message, Map<String, MessageAttributeValue> attributes) {
        sns.publish(p -> p.topicArn(topic).message(message).messageAttributes(attributes));
    }

    /// `FilterPolicyScope` `MessageBody` applies the policy to the body, which may be nested.
    /// https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering-scope.html
    @Test
    void aFilterPolicyOnTheBodyRejectsOtherMessages() {
        var queue = queues.create("inbox");
        subscribe(
                queue,
                Map.of(
                        "RawMessageDelivery",
                        "true",
                        "FilterPolicyScope",
                        "MessageBody",
                        "FilterPolicy",
                        "{\"order\":{\"state\":[\"SHIPPED\"]}}"));

        publish("{\"order\":{\"state\":\"REJECTED\"}}", Map.of());
        publish("not json", Map.of());
        publish("{\"order\":{\"state\":\"SHIPPED\"}}", Map.of());

        assertThat(queues.all(queue, 1))
                .extracting(message -> message.body())
                .containsExactly("{\"order\":{\"state\":\"SHIPPED\"}}");
    }

    /// A policy can be set, read and removed later.
    @Test
    void attributesOfASubscriptionCanBeChanged() {
        var arn = subscribe(queues.create("inbox"), Map.of());

        sns.setSubscriptionAttributes(
                s ->
                        s.subscriptionArn(arn)
                                .attributeName("FilterPolicy")
                                .attributeValue("{\"a\":[\"b\"]}"));
        assertThat(sns.getSubscriptionAttributes(g -> g.subscriptionArn(arn)).attributes())
                .containsEntry("FilterPolicy", "{\"a\":[\"b\"]}")
                .containsEntry("FilterPolicyScope", "MessageAttributes")
                .containsEntry("RawMessageDelivery", "false")
                .containsEntry("PendingConfirmation", "false");

        sns.setSubscriptionAttributes(
                s -> s.subscriptionArn(arn).attributeName("FilterPolicy").attributeValue("{}"));
        assertThat(sns.getSubscriptionAttributes(g -> g.subscriptionArn(arn)).attributes())
                .doesNotContainKey("FilterPolicy");
        for (String policy : List.of("nonsense", "{\"a\":\"b\"}", "{\"a\":{\"b\":[\"c\"]}}")) {
            assertThatThrownBy(
                            () ->
                                    sns.setSubscriptionAttributes(
                                            s ->
                                                    s.subscriptionArn(arn)
                                                            .attributeName("FilterPolicy")
                                                            .attributeValue(policy)))
                    .as(policy)
                    .isInstanceOf(InvalidParameterException.class);
        }
    }

    /// "Client-side errors… are not retried": what a deleted queue cannot take goes to the
    /// subscription's dead-letter queue.
    /// https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
    @Test
    void aMessageForADeletedQueueIsDeadLettered() {
        var gone = queues.create("gone");
        var dead = queues.create("dead");
        subscribe(
                gone,
                Map.of(
                        "RawMessageDelivery",
                        "true",
                        "RedrivePolicy",
                        "{\"deadLetterTargetArn\":\"%s\"}".formatted(dead.arn())));
        queues.delete(gone);

        publish("hello", Map.of());

        assertThat(queues.next(dead).body()).isEqualTo("hello");
    }

    /// With `MessageStructure` `json` each protocol may have its own text, and `default` is
    /// required. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
    @Test
    void aMessageCanDifferByProtocol() {
        var queue = queues.create("inbox");
        subscribe(queue, Map.of("RawMessageDelivery", "true"));

        sns.publish(
                p ->
                        p.topicArn(topic)
                                .messageStructure("json")
                                .message("{\"default\":\"d\",\"sqs\":\"for queues\"}"));

        assertThat(queues.next(queue).body()).isEqualTo("for queues");
        assertThatThrownBy(
                        () ->
                                sns.publish(
                                        p ->
                                                p.topicArn(topic)
                                                        .messageStructure("json")
                                                        .message("{\"sqs\":\"x\"}")))
                .isInstanceOf(InvalidParameterException.class);
    }

    /// A batch of up to ten messages is answered per entry.
    /// https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
    @Test
    void aBatchIsAnsweredPerEntry() {
        var queue = queues.create("inbox");
        subscribe(queue, Map.of("RawMessageDelivery", "true"));

        var answer =
                sns.publishBatch(
                        p ->
                                p.topicArn(topic)
                                        .publishBatchRequestEntries(
                                                entry("a", "first"), entry("b", "second")));

        assertThat(answer.successful()).extracting(r -> r.id()).containsExactly("a", "b");
        assertThat(answer.failed()).isEmpty();
        assertThat(queues.all(queue, 2))
                .extracting(message -> message.body())
                .containsExactlyInAnyOrder("first", "second");
    }

    private static PublishBatchRequestEntry entry(String id, String message) {
        return PublishBatchRequestEntry.builder().id(id).message(message).build();
    }

    /// More than ten entries, or two with one id, refuse the batch.
    /// https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
    @Test
    void anInvalidBatchIsRejectedAsAWhole() {
        var eleven = IntStream.range(0, 11).mapToObj(n -> entry("e" + n, "m")).toList();

        assertThatThrownBy(
                        () ->
                                sns.publishBatch(
                                        p -> p.topicArn(topic).publishBatchRequestEntries(eleven)))
                .isInstanceOf(TooManyEntriesInBatchRequestException.class);
        assertThatThrownBy(
                        () ->
                                sns.publishBatch(
                                        p ->
                                                p.topicArn(topic)
                                                        .publishBatchRequestEntries(
                                                                entry("a", "1"), entry("a", "2"))))
                .isInstanceOf(BatchEntryIdsNotDistinctException.class);
    }

    /// "Messages must be UTF-8 encoded strings and at most 256 KB in size", and not empty.
    /// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
    @Test
    void anEmptyMessageOrOneAbove256KilobytesIsRejected() {
        assertThatThrownBy(() -> publish("", Map.of()))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> publish("x".repeat(262_145), Map.of()))
                .isInstanceOf(InvalidParameterException.class);
        publish("x".repeat(262_144), Map.of());
    }

    /// An attribute has a type of String, Number or Binary, and a value.
    /// https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
    @Test
    void anInvalidAttributeIsRejected() {
        for (var attribute :
                List.of(
                        MessageAttributeValue.builder().dataType("Odd").stringValue("x").build(),
                        MessageAttributeValue.builder().dataType("String").stringValue("").build(),
                        number("seven"))) {
            assertThatThrownBy(() -> publish("m", Map.of("a", attribute)))
                    .isInstanceOf(InvalidParameterValueException.class);
        }
        publish(
                "m",
                Map.of(
                        "a",
                        MessageAttributeValue.builder()
                                .dataType("Binary")
                                .binaryValue(SdkBytes.fromUtf8String("x"))
                                .build()));
    }

    /// "If the requested topic already exists, its ARN is returned without creating a new topic."
    /// https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
    @Test
    void aTopicIsCreatedOnce() {
        assertThat(sns.createTopic(create -> create.name(name)).topicArn()).isEqualTo(topic);
        assertThatThrownBy(() -> sns.createTopic(create -> create.name("no spaces allowed")))
                .isInstanceOf(InvalidParameterException.class);
        assertThat(sns.listTopicsPaginator().topics().stream().map(listed -> listed.topicArn()))
                .contains(topic);
    }

    /// A missing topic is `NotFound`; deleting a topic again succeeds.
    @Test
    void aDeletedTopicDoesNotExist() {
        sns.deleteTopic(d -> d.topicArn(topic));
        sns.deleteTopic(d -> d.topicArn(topic));

        assertThatThrownBy(() -> publish("m", Map.of())).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> sns.getTopicAttributes(g -> g.topicArn(topic)))
                .isInstanceOf(NotFoundException.class);
    }

    /// Subscribing the same endpoint again returns the same subscription; after Unsubscribe nothing
    /// arrives.
    @Test
    void aSubscriptionIsCreatedOnceAndCanBeDeleted() {
        var queue = queues.create("inbox");
        var other = queues.create("other");
        var arn = subscribe(queue, Map.of());
        assertThat(subscribe(queue, Map.of())).isEqualTo(arn);
        subscribe(other, Map.of());
        assertThat(
                        sns
                                .listSubscriptionsByTopicPaginator(l -> l.topicArn(topic))
                                .subscriptions()
                                .stream())
                .extracting(s -> s.endpoint())
                .containsExactlyInAnyOrder(queue.arn(), other.arn());

        sns.unsubscribe(u -> u.subscriptionArn(arn));
        publish("m", Map.of());

        queues.next(other);
        assertThat(queues.now(queue)).isEmpty();
        assertThat(sns.getTopicAttributes(g -> g.topicArn(topic)).attributes())
                .containsEntry("SubscriptionsConfirmed", "1");
    }

    /// An HTTP endpoint is sent a `SubscriptionConfirmation` first, and confirms by visiting its
    /// `SubscribeURL`; notifications follow with `x-amz-sns-message-type`.
    /// https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html
    @Test
    void anHttpEndpointConfirmsByVisitingTheLinkItIsSent() throws Exception {
        assumeThat(CloudUnderTest.at().getHost())
                .as("AWS cannot reach an endpoint on this machine")
                .isEqualTo("127.0.0.1");
        try (var endpoint = new HttpStub(_ -> new StubResponse(200, ""));
                var browser = HttpClient.newHttpClient()) {
            var url = endpoint.url() + "/inbox";
            var pending =
                    sns.subscribe(s -> s.topicArn(topic).protocol("http").endpoint(url))
                            .subscriptionArn();
            assertThat(pending).isEqualTo("pending confirmation");
            await().until(() -> endpoint.requests(_ -> true).size() == 1);
            var confirmation = endpoint.requests(_ -> true).getFirst();
            assertThat(confirmation.header("x-amz-sns-message-type"))
                    .isEqualTo("SubscriptionConfirmation");

            var link = JSON.readTree(confirmation.body()).get("SubscribeURL").stringValue();
            var answer =
                    browser.send(
                            HttpRequest.newBuilder(URI.create(link)).build(),
                            HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("<SubscriptionArn>" + topic + ":");
            publish("hello", Map.of());
            await().until(() -> endpoint.requests(_ -> true).size() == 2);
            var notification = endpoint.requests(_ -> true).getLast();
            assertThat(notification.header("x-amz-sns-message-type")).isEqualTo("Notification");
            assertThat(JSON.readTree(notification.body()).get("Message").stringValue())
                    .isEqualTo("hello");
        }
    }

    /// Tags are stored with a topic.
    @Test
    void aTopicKeepsItsTags() {
        sns.tagResource(
                t -> t.resourceArn(topic).tags(Tag.builder().key("team").value("orders").build()));
        assertThat(sns.listTagsForResource(l -> l.resourceArn(topic)).tags())
                .containsExactly(Tag.builder().key("team").value("orders").build());

        sns.untagResource(u -> u.resourceArn(topic).tagKeys("team"));
        assertThat(sns.listTagsForResource(l -> l.resourceArn(topic)).tags()).isEmpty();
    }
}
