package dev.orderflow.systemtests;

import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.PurgeQueueInProgressException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// Inspects the queues of a system without deleting messages.
final class Queues {

    private final SqsClient sqs;
    private final Map<String, String> urls = new ConcurrentHashMap<>();

    Queues(RunningSystem system) {
        sqs = system.client(SqsClient.builder());
    }

    List<String> names() {
        return sqs.listQueuesPaginator().queueUrls().stream()
                .map(url -> url.substring(url.lastIndexOf('/') + 1))
                .toList();
    }

    Map<QueueAttributeName, String> attributes(String queue) {
        return sqs.getQueueAttributes(
                        get -> get.queueUrl(url(queue)).attributeNames(QueueAttributeName.ALL))
                .attributes();
    }

    /// Messages that wait, are being handled or are not due yet.
    int depth(String queue) {
        var attributes = attributes(queue);
        return List.of(
                        APPROXIMATE_NUMBER_OF_MESSAGES,
                        APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                        APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED)
                .stream()
                .mapToInt(count -> Integer.parseInt(attributes.getOrDefault(count, "0")))
                .sum();
    }

    /// Messages in dead-letter queues.
    int deadLetters() {
        return names().stream().filter(name -> name.endsWith("-dlq")).mapToInt(this::depth).sum();
    }

    /// Receives up to ten messages, which stay visible.
    List<Message> peek(String queue) {
        return sqs.receiveMessage(
                        receive ->
                                receive.queueUrl(url(queue))
                                        .maxNumberOfMessages(10)
                                        .visibilityTimeout(0)
                                        .messageAttributeNames("All"))
                .messages();
    }

    void send(String queue, String body) {
        sqs.sendMessage(send -> send.queueUrl(url(queue)).messageBody(body));
    }

    /// Deletes all messages of a queue: by a purge, which SQS allows once in 60 s, or else one by
    /// one.
    void purge(String queue) {
        try {
            sqs.purgeQueue(purge -> purge.queueUrl(url(queue)));
        } catch (PurgeQueueInProgressException _) {
            var visible = receive(queue);
            while (!visible.isEmpty()) {
                visible.forEach(
                        message ->
                                sqs.deleteMessage(
                                        delete ->
                                                delete.queueUrl(url(queue))
                                                        .receiptHandle(message.receiptHandle())));
                visible = receive(queue);
            }
        }
    }

    private List<Message> receive(String queue) {
        return sqs.receiveMessage(
                        receive ->
                                receive.queueUrl(url(queue))
                                        .maxNumberOfMessages(10)
                                        .waitTimeSeconds(0))
                .messages();
    }

    /// Creates a queue for this test.
    ///
    /// @return its ARN
    String create(String queue) {
        sqs.createQueue(create -> create.queueName(queue));
        return attributes(queue).get(QueueAttributeName.QUEUE_ARN);
    }

    void delete(String queue) {
        sqs.deleteQueue(delete -> delete.queueUrl(url(queue)));
    }

    /// The SQS client, for calls that only one test needs.
    SqsClient client() {
        return sqs;
    }

    String url(String queue) {
        return urls.computeIfAbsent(
                queue, name -> sqs.getQueueUrl(get -> get.queueName(name)).queueUrl());
    }
}
