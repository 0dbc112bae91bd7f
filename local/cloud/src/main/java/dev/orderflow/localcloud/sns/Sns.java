package dev.orderflow.localcloud.sns;

import dev.orderflow.localcloud.delivery.DeliveryWorker;
import dev.orderflow.localcloud.ports.MetricPort;
import dev.orderflow.localcloud.ports.QueuePort;
import dev.orderflow.localcloud.ports.TopicPort;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.AwsService;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The SNS API, and publishing by other services.
public final class Sns implements AwsService, TopicPort, AutoCloseable {

    private static final Duration DRAIN_TIME = Duration.ofSeconds(10);

    private final DeliveryWorker deliveryWorker;
    private final SubscriptionDelivery subscriptionDelivery;
    private final SnsTopicOperations topics;
    private final SnsSubscriptionOperations subscriptions;
    private final SnsPublishOperations publishing;

    /// @param queues subscribed queues and dead-letter queues
    /// @param metrics receives the metrics of `AWS/SNS`
    public Sns(CloudClock clock, QueuePort queues, MetricPort metrics) {
        this.deliveryWorker = new DeliveryWorker("notification-", clock, DRAIN_TIME);
        this.subscriptionDelivery = new SubscriptionDelivery(deliveryWorker, queues, metrics);
        var directory = new SnsTopicDirectory();
        this.topics = new SnsTopicOperations(directory);
        this.subscriptions = new SnsSubscriptionOperations(clock, directory, subscriptionDelivery);
        this.publishing = new SnsPublishOperations(clock, directory, subscriptionDelivery);
    }

    @Override
    public String signingName() {
        return "sns";
    }

    @Override
    public ObjectNode handle(AwsRequest request) {
        return switch (request.operation()) {
            case "CreateTopic" -> topics.createTopic(request);
            case "DeleteTopic" -> topics.deleteTopic(request);
            case "ListTopics" -> topics.listTopics(request);
            case "GetTopicAttributes" -> topics.getTopicAttributes(request);
            case "SetTopicAttributes" -> topics.setTopicAttributes(request);
            case "Subscribe" -> subscriptions.subscribe(request);
            case "ConfirmSubscription" -> subscriptions.confirmSubscription(request);
            case "Unsubscribe" -> subscriptions.unsubscribe(request);
            case "ListSubscriptions" -> subscriptions.listSubscriptions(request);
            case "ListSubscriptionsByTopic" -> subscriptions.listSubscriptionsByTopic(request);
            case "GetSubscriptionAttributes" -> subscriptions.getSubscriptionAttributes(request);
            case "SetSubscriptionAttributes" -> subscriptions.setSubscriptionAttributes(request);
            case "Publish" -> publishing.publish(request.input());
            case "PublishBatch" -> publishing.publishBatch(request);
            case "TagResource" -> topics.tagResource(request);
            case "UntagResource" -> topics.untagResource(request);
            case "ListTagsForResource" -> topics.listTagsForResource(request);
            default -> throw AwsErrorException.unknownOperation(request.operation());
        };
    }

    @Override
    public ObjectNode publishMessage(ObjectNode parameters) {
        return publishing.publish(parameters);
    }

    @Override
    public String publish(
            String topicArn,
            @Nullable String subject,
            String message,
            Map<String, String> attributes) {
        return publishing.publish(topicArn, subject, message, attributes);
    }

    /// Attempts all pending deliveries once more and accepts no further messages.
    @Override
    public void close() {
        deliveryWorker.close();
        subscriptionDelivery.close();
    }
}
