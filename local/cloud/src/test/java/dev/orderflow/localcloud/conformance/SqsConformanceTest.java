package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;

class SqsConformanceTest {

    private final SqsClient sqs = CloudUnderTest.client(SqsClient.builder());

    /// GetQueueUrl
    /// (docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html): the
    /// URL works from where the caller is.
    @Test
    void aQueueUrlHasTheAddressOfTheRequest() {
        var name = CloudUnderTest.unique("urls");
        var url = sqs.createQueue(queue -> queue.queueName(name)).queueUrl();
        assertThat(url).startsWith(CloudUnderTest.at().toString()).endsWith("/" + name);
        assertThat(sqs.getQueueUrl(get -> get.queueName(name)).queueUrl()).isEqualTo(url);
    }

    /// SendMessage
    /// (docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html) and
    /// ReceiveMessage
    /// (docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html):
    /// body, attributes, trace header and receive count come along.
    @Test
    void aMessageArrivesWithItsAttributesAndDoesNotReturnWhenDeleted() {
        var url = queue("round-trip", Map.of());
        sqs.sendMessage(
                send ->
                        send.queueUrl(url)
                                .messageBody("grüße ✓")
                                .messageAttributes(
                                        Map.of(
                                                "reason",
                                                MessageAttributeValue.builder()
                                                        .dataType("String")
                                                        .stringValue("because")
                                                        .build())));
        var message =
                sqs.receiveMessage(
                                receive ->
                                        receive.queueUrl(url)
                                                .waitTimeSeconds(5)
                                                .messageAttributeNames("All")
                                                .messageSystemAttributeNames(
                                                        MessageSystemAttributeName.ALL))
                        .messages()
                        .getFirst();
        assertThat(message.body()).isEqualTo("grüße ✓");
        assertThat(message.messageAttributes().get("reason").stringValue()).isEqualTo("because");
        assertThat(message.attributes())
                .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1");
        sqs.deleteMessage(delete -> delete.queueUrl(url).receiptHandle(message.receiptHandle()));
        assertThat(depth(url)).isZero();
    }

    /// Dead-letter queues
    /// (docs.aws.amazon.com/AWSSimpleQueueService/…/sqs-dead-letter-queues.html): after
    /// maxReceiveCount receives a message moves, and StartMessageMoveTask
    /// (docs.aws.amazon.com/AWSSimpleQueueService/…/API_StartMessageMoveTask.html) brings it back.
    @Test
    void aMessageReceivedTooOftenMovesToTheDeadLetterQueueAndCanBeMovedBack() {
        var dead = queue("dead", Map.of());
        var url =
                queue(
                        "source",
                        Map.of(
                                QueueAttributeName.VISIBILITY_TIMEOUT,
                                "0",
                                QueueAttributeName.REDRIVE_POLICY,
                                "{\"deadLetterTargetArn\":\""
                                        + arn(dead)
                                        + "\",\"maxReceiveCount\":2}"));
        sqs.sendMessage(send -> send.queueUrl(url).messageBody("poison"));
        await().until(
                        () -> {
                            sqs.receiveMessage(
                                    receive -> receive.queueUrl(url).visibilityTimeout(0));
                            return depth(dead) == 1;
                        });
        sqs.startMessageMoveTask(move -> move.sourceArn(arn(dead)));
        await().until(() -> depth(url) == 1 && depth(dead) == 0);
    }

    /// SendMessageBatch
    /// (docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html)
    /// takes ten entries with ids of their own.
    @Test
    void aBatchTakesTenMessagesAndNoMore() {
        var url = queue("batch", Map.of());
        var eleven =
                IntStream.range(0, 11)
                        .mapToObj(
                                i ->
                                        SendMessageBatchRequestEntry.builder()
                                                .id("e" + i)
                                                .messageBody("m" + i)
                                                .build())
                        .toList();
        assertThatThrownBy(() -> sqs.sendMessageBatch(send -> send.queueUrl(url).entries(eleven)))
                .isInstanceOf(SqsException.class);
        List<SendMessageBatchRequestEntry> ten = eleven.subList(0, 10);
        assertThat(sqs.sendMessageBatch(send -> send.queueUrl(url).entries(ten)).successful())
                .hasSize(10);
        assertThat(depth(url)).isEqualTo(10);
    }

    /// Common errors
    /// (docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html): the
    /// SDK makes a typed exception of it.
    @Test
    void aMissingQueueHasItsOwnExceptionType() {
        assertThatThrownBy(() -> sqs.getQueueUrl(get -> get.queueName("nobody-made-this")))
                .isInstanceOf(QueueDoesNotExistException.class);
    }

    /// Quotas
    /// (docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html): a
    /// message has at most 1 MiB.
    @Test
    void aMessageAboveAMebibyteIsRefused() {
        var url = queue("large", Map.of());
        sqs.sendMessage(send -> send.queueUrl(url).messageBody("x".repeat(1024 * 1024)));
        assertThatThrownBy(
                        () ->
                                sqs.sendMessage(
                                        send ->
                                                send.queueUrl(url)
                                                        .messageBody("x".repeat(1024 * 1024 + 1))))
                .isInstanceOf(SqsException.class);
    }

    private String queue(String name, Map<QueueAttributeName, String> attributes) {
        return sqs.createQueue(
                        queue ->
                                queue.queueName(CloudUnderTest.unique(name)).attributes(attributes))
                .queueUrl();
    }

    private String arn(String url) {
        return sqs.getQueueAttributes(
                        get -> get.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
    }

    private int depth(String url) {
        return sqs
                .getQueueAttributes(
                        get ->
                                get.queueUrl(url)
                                        .attributeNames(
                                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                                QueueAttributeName
                                                        .APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }
}
