package dev.orderflow.localcloud.conformance;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// Queues that receive events and notifications.
final class TestQueues {

    /// On AWS a service may send only to a queue whose policy allows it.
    private static final String OPEN_TO_SERVICES =
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
            "Principal":{"Service":["events.amazonaws.com","sns.amazonaws.com"]},
            "Action":"sqs:SendMessage","Resource":"*"}]}""";

    private final SqsClient sqs = CloudUnderTest.client(SqsClient.builder());

    record TestQueue(String url, String arn) {}

    TestQueue create(String purpose) {
        var name = CloudUnderTest.unique(purpose);
        var url =
                sqs.createQueue(
                                create ->
                                        create.queueName(name)
                                                .attributes(
                                                        Map.of(
                                                                QueueAttributeName.POLICY,
                                                                OPEN_TO_SERVICES)))
                        .queueUrl();
        var arn =
                sqs.getQueueAttributes(
                                get ->
                                        get.queueUrl(url)
                                                .attributeNames(QueueAttributeName.QUEUE_ARN))
                        .attributes()
                        .get(QueueAttributeName.QUEUE_ARN);
        return new TestQueue(url, arn);
    }

    void delete(TestQueue queue) {
        sqs.deleteQueue(delete -> delete.queueUrl(queue.url()));
    }

    /// The messages in the queue now; they stay invisible for ten minutes.
    List<Message> now(TestQueue queue) {
        return sqs.receiveMessage(
                        receive ->
                                receive.queueUrl(queue.url())
                                        .maxNumberOfMessages(10)
                                        .messageAttributeNames("All")
                                        .visibilityTimeout(600))
                .messages();
    }

    /// Waits for the next message.
    Message next(TestQueue queue) {
        return all(queue, 1).getFirst();
    }

    /// Waits for exactly this number of messages and no more.
    List<Message> all(TestQueue queue, int count) {
        var messages = new ArrayList<Message>();
        await().atMost(Duration.ofMinutes(2))
                .until(
                        () -> {
                            messages.addAll(now(queue));
                            return messages.size() >= count;
                        });
        messages.addAll(now(queue));
        return messages;
    }
}
