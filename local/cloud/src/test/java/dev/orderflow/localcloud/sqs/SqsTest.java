package dev.orderflow.localcloud.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsProtocol;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestContext;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SqsTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String BASE = "http://queues.example:4566/000000000000/";
    private static final String ARN = "arn:aws:sqs:eu-west-1:000000000000:";

    private final Sqs sqs = new Sqs(new CloudClock(1));

    @AfterEach
    void close() {
        sqs.close();
    }

    @Test
    void aQueueUrlHasTheHostAndSchemeOfTheRequest() {
        assertThat(create("a").path("QueueUrl").asString()).isEqualTo(BASE + "a");
        assertThat(call("GetQueueUrl", "{'QueueName':'a'}").path("QueueUrl").asString())
                .isEqualTo(BASE + "a");
    }

    /// The attributes that Terraform's `aws_sqs_queue` expects by default.
    @Test
    void everyAttributeCanBeReadBackWithItsDefault() {
        create("a");
        var attributes = attributes("a");
        assertThat(attributes.path("VisibilityTimeout").asString()).isEqualTo("30");
        assertThat(attributes.path("MaximumMessageSize").asString()).isEqualTo("1048576");
        assertThat(attributes.path("MessageRetentionPeriod").asString()).isEqualTo("345600");
        assertThat(attributes.path("DelaySeconds").asString()).isEqualTo("0");
        assertThat(attributes.path("ReceiveMessageWaitTimeSeconds").asString()).isEqualTo("0");
        assertThat(attributes.path("SqsManagedSseEnabled").asString()).isEqualTo("true");
        assertThat(attributes.path("QueueArn").asString()).isEqualTo(ARN + "a");
        assertThat(attributes.has("Policy")).isFalse();
        assertThat(attributes.has("FifoQueue")).isFalse();
    }

    @Test
    void attributesCanBeSetReadAndRemoved() {
        create("a");
        var policy = "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\"}]}";
        setAttribute("a", "Policy", policy);
        setAttribute("a", "KmsMasterKeyId", "alias/aws/sqs");
        var set = attributes("a");
        assertThat(set.path("Policy").asString()).isEqualTo(policy);
        assertThat(set.path("KmsMasterKeyId").asString()).isEqualTo("alias/aws/sqs");
        assertThat(set.path("KmsDataKeyReusePeriodSeconds").asString()).isEqualTo("300");
        assertThat(set.path("SqsManagedSseEnabled").asString()).isEqualTo("false");

        setAttribute("a", "Policy", "");
        setAttribute("a", "KmsMasterKeyId", "");
        assertThat(attributes("a").has("Policy")).isFalse();
        assertThat(attributes("a").has("KmsMasterKeyId")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "VisibilityTimeout | 43201 | InvalidAttributeValue",
                "DelaySeconds | 901 | InvalidAttributeValue",
                "MaximumMessageSize | 1023 | InvalidAttributeValue",
                "MaximumMessageSize | 1048577 | InvalidAttributeValue",
                "MessageRetentionPeriod | 59 | InvalidAttributeValue",
                "ReceiveMessageWaitTimeSeconds | 21 | InvalidAttributeValue",
                "Policy | nonsense | InvalidAttributeValue",
                "Policy | {\"Statement\":[{\"Effect\":\"Deny\"}]} | InvalidAttributeValue",
                "RedriveAllowPolicy | {\"redrivePermission\":\"some\"} | InvalidParameterValue",
                "RedrivePolicy | {\"maxReceiveCount\":1} | InvalidParameterValue",
                "RedrivePolicy | {\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:000000000000:none\",\"maxReceiveCount\":1} | InvalidParameterValue",
                "FifoQueue | false | InvalidAttributeName",
                "ContentBasedDeduplication | true | InvalidAttributeName",
                "Colour | red | InvalidAttributeName",
                "QueueArn | x | InvalidAttributeName",
            })
    void anInvalidAttributeIsRejectedAndNoQueueIsCreated(String name, String value, String code) {
        var input = JSON.createObjectNode().put("QueueName", "a");
        input.putObject("Attributes").put(name, value);
        assertThat(refused("CreateQueue", input).code()).isEqualTo(code);
        assertThat(call("ListQueues", "{}").has("QueueUrls")).isFalse();
    }

    @Test
    void creatingAgainReturnsTheQueueUnlessAnAttributeDiffers() {
        call("CreateQueue", "{'QueueName':'a','Attributes':{'DelaySeconds':'1'}}");
        create("a");
        var refused = refused("CreateQueue", "{'QueueName':'a','Attributes':{'DelaySeconds':'2'}}");
        assertThat(refused.shape()).isEqualTo("QueueNameExists");
        assertThat(refused.code()).isEqualTo("QueueAlreadyExists");
        assertThat(refused).hasMessageContaining("DelaySeconds");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "True", "TRUE"})
    void aFifoQueueIsCreatedForAnySpellingOfTrue(String spelt) {
        call("CreateQueue", "{'QueueName':'a.fifo','Attributes':{'FifoQueue':'" + spelt + "'}}");
        assertThat(attributes("a.fifo").path("FifoQueue").asString()).isEqualTo("true");
    }

    @Test
    void emptyListsAreOmittedFromResponses() {
        create("a");
        assertThat(onQueue("ReceiveMessage", "a", "").isEmpty()).isTrue();
        assertThat(onQueue("ListQueueTags", "a", "").isEmpty()).isTrue();
        assertThat(onQueue("ListDeadLetterSourceQueues", "a", "").isEmpty()).isTrue();
        assertThat(onQueue("GetQueueAttributes", "a", "").isEmpty()).isTrue();
        assertThat(call("ListQueues", "{'QueueNamePrefix':'b'}").isEmpty()).isTrue();
    }

    @Test
    void queuesAreListedInPagesWhenRequested() {
        List.of("a", "b", "c").forEach(this::create);
        var first = call("ListQueues", "{'MaxResults':2}");
        assertThat(first.path("QueueUrls")).hasSize(2);
        var second =
                call(
                        "ListQueues",
                        "{'MaxResults':2,'NextToken':'"
                                + first.path("NextToken").asString()
                                + "'}");
        assertThat(second.path("QueueUrls").path(0).asString()).endsWith("/c");
        assertThat(second.has("NextToken")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://queues.example:4566/999999999999/a",
                "https://sqs.eu-west-1.amazonaws.com/111111111111/a"
            })
    void aQueueOfAnotherAccountDoesNotExist(String url) {
        create("a");
        assertThat(refused("PurgeQueue", "{'QueueUrl':'" + url + "'}").code())
                .isEqualTo("AWS.SimpleQueueService.NonExistentQueue");
        for (var arn :
                List.of(
                        "arn:aws:sqs:eu-west-1:999999999999:a",
                        "arn:aws:sns:eu-west-1:000000000000:a")) {
            assertThat(sqs.exists(arn)).as(arn).isFalse();
            assertThat(
                            refused(
                                            "CreateQueue",
                                            "{'QueueName':'b','Attributes':{'RedrivePolicy':'{\\'deadLetterTargetArn\\':\\'%s\\',\\'maxReceiveCount\\':1}'}}"
                                                    .formatted(arn))
                                    .code())
                    .isEqualTo("InvalidParameterValue");
            assertThat(refused("StartMessageMoveTask", "{'SourceArn':'" + arn + "'}").shape())
                    .isEqualTo("ResourceNotFoundException");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "http://x/a", "http://x/queue/a", "http://x/000000000000"})
    void aQueueUrlWithoutAnAccountIsRejected(String url) {
        create("a");
        assertThat(refused("PurgeQueue", "{'QueueUrl':'" + url + "'}").code())
                .isEqualTo("InvalidAddress");
    }

    @ParameterizedTest
    @CsvSource({
        "Label, a b, InvalidParameterValue",
        "Actions, Foo, InvalidParameterValue",
        "Actions, CreateQueue, InvalidParameterValue",
        "AWSAccountIds, 12, InvalidParameterValue",
        "AWSAccountIds, arn:aws:iam::000000000000:root, InvalidParameterValue"
    })
    void aPermissionThatSqsRefusesIsNotAdded(String member, String value, String code) {
        create("a");
        var input = request("a").put("Label", "l");
        input.putArray("AWSAccountIds").add("111111111111");
        input.putArray("Actions").add("SendMessage");
        if (member.equals("Label")) {
            input.put(member, value);
        } else {
            input.putArray(member).add(value);
        }
        assertThat(refused("AddPermission", input).code()).isEqualTo(code);
        assertThat(attributes("a").has("Policy")).isFalse();
    }

    /// A client whose response was lost repeats the request with the same id.
    @Test
    void aRepeatedReceiveAttemptOfAFifoQueueReturnsTheSameMessages() {
        call(
                "CreateQueue",
                "{'QueueName':'a.fifo','Attributes':{'FifoQueue':'true','ContentBasedDeduplication':'true'}}");
        for (var body : List.of("1", "2", "3")) {
            onQueue(
                    "SendMessage",
                    "a.fifo",
                    ",'MessageBody':'%s','MessageGroupId':'g'".formatted(body));
        }
        var attempt = ",'MaxNumberOfMessages':2,'ReceiveRequestAttemptId':'attempt'";
        var first = onQueue("ReceiveMessage", "a.fifo", attempt).path("Messages");
        assertThat(first).hasSize(2);
        assertThat(onQueue("ReceiveMessage", "a.fifo", attempt).path("Messages")).isEqualTo(first);
        assertThat(
                        onQueue("ReceiveMessage", "a.fifo", attempt.replace("attempt'", "other'"))
                                .isEmpty())
                .isTrue();
        for (var message : first) {
            onQueue(
                    "DeleteMessage",
                    "a.fifo",
                    ",'ReceiptHandle':'" + message.path("ReceiptHandle").asString() + "'");
        }
        var after = onQueue("ReceiveMessage", "a.fifo", attempt).path("Messages");
        assertThat(after.path(0).path("Body").asString()).isEqualTo("3");
    }

    @Test
    void aReceiveAttemptIdIsRejectedForAStandardQueue() {
        create("a");
        assertThat(
                        refused(
                                        "ReceiveMessage",
                                        "{'QueueUrl':'"
                                                + BASE
                                                + "a','ReceiveRequestAttemptId':'x'}")
                                .code())
                .isEqualTo("InvalidParameterValue");
    }

    @Test
    void theThroughputLimitOfAGroupNeedsDeduplicationByGroup() {
        var limit = "'FifoQueue':'true','FifoThroughputLimit':'perMessageGroupId'";
        assertThat(
                        refused(
                                        "CreateQueue",
                                        "{'QueueName':'a.fifo','Attributes':{" + limit + "}}")
                                .code())
                .isEqualTo("InvalidParameterValue");
        call(
                "CreateQueue",
                "{'QueueName':'a.fifo','Attributes':{"
                        + limit
                        + ",'DeduplicationScope':'messageGroup'}}");
        var input = request("a.fifo");
        input.putObject("Attributes").put("DeduplicationScope", "queue");
        assertThat(refused("SetQueueAttributes", input).code()).isEqualTo("InvalidParameterValue");
    }

    @Test
    void aMissingQueueHasAnErrorCodeInEachProtocol() {
        var refused = refused("GetQueueUrl", "{'QueueName':'none'}");
        assertThat(refused.shape()).isEqualTo("QueueDoesNotExist");
        assertThat(refused.code()).isEqualTo("AWS.SimpleQueueService.NonExistentQueue");
        assertThat(refused.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SendMessage | | MissingParameter",
                "SendMessage | ,'MessageBody':'a\\u0001b' | InvalidMessageContents",
                "SendMessage | ,'MessageBody':'x','DelaySeconds':901 | InvalidParameterValue",
                "SendMessage | ,'MessageBody':'x','MessageDeduplicationId':'d' | InvalidParameterValue",
                "SendMessage | ,'MessageBody':'x','MessageAttributes':{'AWS.a':{'DataType':'String','StringValue':'b'}} | InvalidParameterValue",
                "SendMessage | ,'MessageBody':'x','MessageAttributes':{'a':{'DataType':'Text','StringValue':'b'}} | InvalidParameterValue",
                "SendMessage | ,'MessageBody':'x','MessageAttributes':{'a':{'DataType':'Number','StringValue':'b'}} | InvalidParameterValue",
                "SendMessage | ,'MessageBody':'x','MessageAttributes':{'a':{'DataType':'String','StringValue':''}} | InvalidParameterValue",
                "SendMessage | ,'MessageBody':'x','MessageAttributes':{'a':{'DataType':'String','BinaryValue':'YQ=='}} | InvalidParameterValue",
                "SendMessage | ,'MessageBody':'x','MessageAttributes':{'.a':{'DataType':'String','StringValue':'b'}} | InvalidParameterValue",
                "SendMessage | ,'MessageBody':'x','MessageSystemAttributes':{'Other':{'DataType':'String','StringValue':'b'}} | InvalidParameterValue",
                "SendMessageBatch | ,'Entries':[] | AWS.SimpleQueueService.EmptyBatchRequest",
                "SendMessageBatch | ,'Entries':[{'Id':'a','MessageBody':'x'},{'Id':'a','MessageBody':'y'}] | AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
                "SendMessageBatch | ,'Entries':[{'Id':'a.b','MessageBody':'x'}] | AWS.SimpleQueueService.InvalidBatchEntryId",
                "DeleteMessageBatch | ,'Entries':[] | AWS.SimpleQueueService.EmptyBatchRequest",
                "ReceiveMessage | ,'MaxNumberOfMessages':11 | InvalidParameterValue",
                "ReceiveMessage | ,'WaitTimeSeconds':21 | InvalidParameterValue",
                "ReceiveMessage | ,'VisibilityTimeout':43201 | InvalidParameterValue",
                "ReceiveMessage | ,'AttributeNames':['Colour'] | InvalidAttributeName",
                "DeleteMessage | ,'ReceiptHandle':'garbage' | ReceiptHandleIsInvalid",
                "ChangeMessageVisibility | ,'ReceiptHandle':'x','VisibilityTimeout':43201 | InvalidParameterValue",
                "GetQueueAttributes | ,'AttributeNames':['Colour'] | InvalidAttributeName",
                "TagQueue | ,'Tags':{} | MissingParameter",
            })
    void invalidRequestsAreRejectedWithTheErrorCodeOfSqs(
            String operation, String parameters, String code) {
        create("a");
        var refused =
                refused(
                        operation,
                        "{'QueueUrl':'"
                                + BASE
                                + "a'"
                                + (parameters == null ? "" : parameters)
                                + "}");
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.getMessage()).isNotBlank();
    }

    @Test
    void aBodyAboveTheQueuesMaximumIsRefused() {
        call("CreateQueue", "{'QueueName':'a','Attributes':{'MaximumMessageSize':'1024'}}");
        send("a", "x".repeat(1024));
        assertThat(refused("SendMessage", request("a").put("MessageBody", "x".repeat(1025))).code())
                .isEqualTo("InvalidParameterValue");
    }

    @Test
    void anInvalidBatchEntryIsRejectedAlone() {
        create("a");
        var answer =
                onQueue(
                        "SendMessageBatch",
                        "a",
                        ",'Entries':[{'Id':'good','MessageBody':'x'},{'Id':'bad','MessageBody':'\\u0001'}]");
        assertThat(answer.path("Successful").path(0).path("Id").asString()).isEqualTo("good");
        assertThat(answer.path("Failed").path(0).path("Code").asString())
                .isEqualTo("InvalidMessageContents");
        assertThat(answer.path("Failed").path(0).path("SenderFault").asBoolean()).isTrue();
    }

    @Test
    void aSecondPurgeWithinAMinuteIsRejected() {
        create("a");
        send("a", "x");
        onQueue("PurgeQueue", "a", "");
        assertThat(visible("a")).isZero();
        assertThat(refused("PurgeQueue", request("a")).code())
                .isEqualTo("AWS.SimpleQueueService.PurgeQueueInProgress");
    }

    /// The digests are those of AWS's own documentation of the algorithm, computed by the SDK too.
    @Test
    void aMessageIsReceivedWithItsDigestsAndTheRequestedAttributes() {
        create("a");
        var sent =
                onQueue(
                        "SendMessage",
                        "a",
                        ",'MessageBody':'hello','MessageAttributes':{'order.id':{'DataType':'Number.int','StringValue':'7'},'blob':{'DataType':'Binary','BinaryValue':'AQI='}},'MessageSystemAttributes':{'AWSTraceHeader':{'DataType':'String','StringValue':'Root=1'}}");
        assertThat(sent.path("MD5OfMessageBody").asString())
                .isEqualTo("5d41402abc4b2a76b9719d911017c592");
        var message =
                onQueue(
                                "ReceiveMessage",
                                "a",
                                ",'MessageAttributeNames':['order.*'],'MessageSystemAttributeNames':['All']")
                        .path("Messages")
                        .path(0);
        assertThat(message.path("MessageAttributes").propertyNames()).containsExactly("order.id");
        assertThat(message.at("/MessageAttributes/order.id/DataType").asString())
                .isEqualTo("Number.int");
        assertThat(message.at("/Attributes/ApproximateReceiveCount").asString()).isEqualTo("1");
        assertThat(message.at("/Attributes/AWSTraceHeader").asString()).isEqualTo("Root=1");
        assertThat(message.path("MD5OfMessageAttributes").asString())
                .isNotEqualTo(sent.path("MD5OfMessageAttributes").asString());
    }

    @Test
    void deletingAMessageTwiceSucceeds() {
        create("a");
        send("a", "x");
        var handle = receive("a").path(0).path("ReceiptHandle").asString();
        onQueue("DeleteMessage", "a", ",'ReceiptHandle':'" + handle + "'");
        onQueue("DeleteMessage", "a", ",'ReceiptHandle':'" + handle + "'");
    }

    /// API reference, `DeleteMessage`: with the handle of an earlier receive the request succeeds
    /// and the message is not deleted.
    @Test
    void onlyTheHandleOfTheLatestReceiveHasAnEffect() {
        create("a");
        send("a", "x");
        var stale = ",'ReceiptHandle':'" + receiveBriefly("a") + "'";
        var latest = ",'ReceiptHandle':'" + receiveBriefly("a") + "'";
        onQueue("DeleteMessage", "a", stale);
        assertThat(visible("a")).isOne();

        var current = receive("a").path(0).path("ReceiptHandle").asString();
        onQueue("ChangeMessageVisibility", "a", latest + ",'VisibilityTimeout':0");
        assertThat(visible("a")).as("still in flight").isZero();
        onQueue("DeleteMessage", "a", latest);
        onQueue(
                "ChangeMessageVisibility",
                "a",
                ",'ReceiptHandle':'" + current + "','VisibilityTimeout':0");
        assertThat(visible("a")).isOne();
        // Its visibility time-out has ended, and it was not received again.
        onQueue("DeleteMessage", "a", ",'ReceiptHandle':'" + current + "'");
        assertThat(visible("a")).isZero();
    }

    /// Receives a message that is visible again at once.
    ///
    /// @return its receipt handle
    private String receiveBriefly(String queue) {
        return onQueue("ReceiveMessage", queue, ",'VisibilityTimeout':0")
                .at("/Messages/0/ReceiptHandle")
                .asString();
    }

    @Test
    void aMessageInFlightCountsAsNotVisibleUntilItsVisibilityEnds() {
        create("a");
        send("a", "x");
        var handle = receive("a").path(0).path("ReceiptHandle").asString();
        var attributes = attributes("a");
        assertThat(attributes.path("ApproximateNumberOfMessages").asString()).isEqualTo("0");
        assertThat(attributes.path("ApproximateNumberOfMessagesNotVisible").asString())
                .isEqualTo("1");
        var end = ",'ReceiptHandle':'" + handle + "','VisibilityTimeout':0";
        onQueue("ChangeMessageVisibility", "a", end);
        assertThat(visible("a")).isOne();
        assertThat(
                        refused(
                                        "ChangeMessageVisibility",
                                        "{'QueueUrl':'" + BASE + "a'" + end + "}")
                                .code())
                .isEqualTo("AWS.SimpleQueueService.MessageNotInflight");
    }

    @Test
    void aMoveWithoutDestinationReturnsEachMessageToItsSourceQueue() {
        create("dead");
        for (var source : List.of("one", "two")) {
            create(source);
            setAttribute(
                    source,
                    "RedrivePolicy",
                    "{\"deadLetterTargetArn\":\"" + ARN + "dead\",\"maxReceiveCount\":\"1\"}");
            setAttribute(source, "VisibilityTimeout", "0");
            send(source, "from " + source);
            receive(source);
            assertThat(receive(source)).isEmpty();
        }
        assertThat(visible("dead")).isEqualTo(2);
        call("StartMessageMoveTask", "{'SourceArn':'" + ARN + "dead'}");
        await().until(() -> visible("one") == 1 && visible("two") == 1);
        assertThat(receive("two").path(0).path("Body").asString()).isEqualTo("from two");
        assertThat(
                        call("ListMessageMoveTasks", "{'SourceArn':'" + ARN + "dead'}")
                                .at("/Results/0/Status")
                                .asString())
                .isEqualTo("COMPLETED");
    }

    @Test
    void messagesMoveOnlyFromDeadLetterQueues() {
        create("a");
        assertThat(refused("StartMessageMoveTask", "{'SourceArn':'" + ARN + "a'}").code())
                .isEqualTo("InvalidParameterValue");
        assertThat(refused("StartMessageMoveTask", "{'SourceArn':'" + ARN + "none'}").code())
                .isEqualTo("ResourceNotFoundException");
    }

    @Test
    void aFifoQueueKeepsTheOrderOfAGroupAndSendsADuplicateOnce() {
        call(
                "CreateQueue",
                "{'QueueName':'a.fifo','Attributes':{'FifoQueue':'true','ContentBasedDeduplication':'true'}}");
        for (var body : List.of("1", "1", "2")) {
            onQueue("SendMessage", "a.fifo", ",'MessageGroupId':'g','MessageBody':'" + body + "'");
        }
        var first = receive("a.fifo").path(0);
        assertThat(first.path("Body").asString()).isEqualTo("1");
        assertThat(receive("a.fifo")).isEmpty();
        onQueue(
                "DeleteMessage",
                "a.fifo",
                ",'ReceiptHandle':'" + first.path("ReceiptHandle").asString() + "'");
        assertThat(receive("a.fifo").path(0).path("Body").asString()).isEqualTo("2");
    }

    @Test
    void closingEndsALongPollAtOnceWithAnEmptyResponse() throws Exception {
        create("a");
        var poll =
                CompletableFuture.supplyAsync(
                        () -> onQueue("ReceiveMessage", "a", ",'WaitTimeSeconds':20"));
        sqs.close();
        assertThat(poll.get().isEmpty()).isTrue();
    }

    @Test
    void aQueryProtocolFormIsEquivalent() {
        create("a");
        var form = JSON.createObjectNode().put("QueueUrl", BASE + "a");
        var entries = form.putArray("SendMessageBatchRequestEntry");
        var entry = entries.addObject().put("Id", "1").put("MessageBody", "x");
        var attribute = entry.putArray("MessageAttribute").addObject().put("Name", "n");
        attribute.putObject("Value").put("DataType", "Number").put("StringValue", "1");
        var answer = sqs.handle(request(AwsProtocol.QUERY, "SendMessageBatch", form));
        assertThat(answer.at("/Successful/0/MD5OfMessageAttributes").asString()).hasSize(32);
    }

    @Test
    void permissionsBecomeStatementsOfThePolicy() {
        create("a");
        onQueue(
                "AddPermission",
                "a",
                ",'Label':'l','AWSAccountIds':['111122223333'],'Actions':['SendMessage']");
        assertThat(attributes("a").path("Policy").asString())
                .contains("\"Sid\":\"l\"", "arn:aws:iam::111122223333:root");
        onQueue("RemovePermission", "a", ",'Label':'l'");
        assertThat(attributes("a").has("Policy")).isFalse();
    }

    // ---

    private JsonNode create(String name) {
        return call("CreateQueue", "{'QueueName':'" + name + "'}");
    }

    private void send(String queue, String body) {
        call("SendMessage", request(queue).put("MessageBody", body));
    }

    private JsonNode receive(String queue) {
        return onQueue("ReceiveMessage", queue, "").path("Messages");
    }

    private int visible(String queue) {
        return Integer.parseInt(attributes(queue).path("ApproximateNumberOfMessages").asString());
    }

    private JsonNode attributes(String queue) {
        return onQueue("GetQueueAttributes", queue, ",'AttributeNames':['All']").path("Attributes");
    }

    private void setAttribute(String queue, String name, String value) {
        var input = request(queue);
        input.putObject("Attributes").put(name, value);
        call("SetQueueAttributes", input);
    }

    private static ObjectNode request(String queue) {
        return JSON.createObjectNode().put("QueueUrl", BASE + queue);
    }

    private ObjectNode onQueue(String operation, String queue, String parameters) {
        return call(operation, "{'QueueUrl':'" + BASE + queue + "'" + parameters + "}");
    }

    private ObjectNode call(String operation, String input) {
        return call(operation, json(input));
    }

    private ObjectNode call(String operation, ObjectNode input) {
        return sqs.handle(request(AwsProtocol.JSON_1_0, operation, input));
    }

    private AwsErrorException refused(String operation, String input) {
        return refused(operation, json(input));
    }

    private AwsErrorException refused(String operation, ObjectNode input) {
        var refused = catchThrowableOfType(AwsErrorException.class, () -> call(operation, input));
        assertThat(refused).as(operation + " " + input).isNotNull();
        return refused;
    }

    private static ObjectNode json(String input) {
        return (ObjectNode) JSON.readTree(input.replace('\'', '"'));
    }

    private static AwsRequest request(AwsProtocol protocol, String operation, ObjectNode input) {
        return new AwsRequest(
                protocol,
                operation,
                input,
                new RequestContext(
                        UUID.randomUUID(),
                        "eu-west-1",
                        "000000000000",
                        URI.create("http://queues.example:4566")));
    }
}
