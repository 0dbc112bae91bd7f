package dev.orderflow.localcloud.sns;

import dev.orderflow.localcloud.delivery.DeliveryAttempt;
import dev.orderflow.localcloud.delivery.DeliveryWorker;
import dev.orderflow.localcloud.delivery.Exhausted;
import dev.orderflow.localcloud.delivery.PendingDelivery;
import dev.orderflow.localcloud.delivery.RetryPolicy;
import dev.orderflow.localcloud.ports.Authorizer;
import dev.orderflow.localcloud.ports.MetricPort;
import dev.orderflow.localcloud.ports.QueuePort;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.HttpFailureDescription;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers messages to subscribers, and undeliverable ones to the dead-letter queue of the
/// subscription.
final class SubscriptionDelivery implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SubscriptionDelivery.class);
    private static final String NAMESPACE = "AWS/SNS";
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);

    /// For endpoints that AWS runs: immediately, then with waits of up to 20 seconds, for 23 days.
    private static final RetryPolicy FOR_QUEUES =
            new RetryPolicy(100_015, Duration.ofDays(23), SubscriptionDelivery::queueBackoff);

    /// For HTTP endpoints: three retries, 20 seconds apart.
    private static final RetryPolicy FOR_ENDPOINTS =
            new RetryPolicy(3, Duration.ofHours(1), _ -> Duration.ofSeconds(20));

    private final DeliveryWorker deliveryWorker;
    private final QueuePort queues;
    private final MetricPort metrics;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(ANSWER_LIMIT)
                    .build();

    SubscriptionDelivery(DeliveryWorker deliveryWorker, QueuePort queues, MetricPort metrics) {
        this.deliveryWorker = deliveryWorker;
        this.queues = queues;
        this.metrics = metrics;
    }

    private static Duration queueBackoff(int retry) {
        if (retry <= 3) {
            return Duration.ofMillis(1);
        }
        if (retry <= 5) {
            return Duration.ofSeconds(1);
        }
        if (retry <= 15) {
            return RetryPolicy.exponentialBackoff(Duration.ofSeconds(1), Duration.ofSeconds(20))
                    .apply(retry - 5);
        }
        return Duration.ofSeconds(20);
    }

    void deliver(SnsTopic topic, SnsMessage message) {
        for (SnsSubscription subscription : topic.subscriptions()) {
            if (!subscription.confirmed()) {
                continue;
            }
            var settings = subscription.settings();
            var filter = settings.filter();
            if (filter != null && !filter.accepts(message, subscription.protocol())) {
                record(topic, "NumberOfNotificationsFilteredOut", 1);
                if (!filter.onBody() && message.attributes().isEmpty()) {
                    record(topic, "NumberOfNotificationsFilteredOut-NoMessageAttributes", 1);
                }
                continue;
            }
            deliveryWorker.submit(new NotificationDelivery(topic, subscription, message, settings));
        }
    }

    /// Sends the subscription confirmation to an HTTP endpoint.
    void requestConfirmation(SnsTopic topic, SnsSubscription subscription, Instant now) {
        deliveryWorker.submit(new ConfirmationDelivery(topic, subscription, now));
    }

    void record(SnsTopic topic, String name, double value) {
        metrics.record(NAMESPACE, name, Map.of("TopicName", topic.name()), value);
    }

    private DeliveryAttempt post(
            SnsSubscription subscription, String type, String messageId, boolean raw, String body) {
        try {
            var request =
                    HttpRequest.newBuilder(URI.create(subscription.endpoint()))
                            .timeout(ANSWER_LIMIT)
                            .header("Content-Type", "text/plain; charset=UTF-8")
                            .header("User-Agent", "Amazon Simple Notification Service Agent")
                            .header("x-amz-sns-message-type", type)
                            .header("x-amz-sns-message-id", messageId)
                            .header("x-amz-sns-topic-arn", subscription.topicArn())
                            .header("x-amz-sns-subscription-arn", subscription.arn())
                            .POST(HttpRequest.BodyPublishers.ofString(body));
            if (raw) {
                request.header("x-amz-sns-rawdelivery", "true");
            }
            int status =
                    http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status >= 200 && status < 300) {
                return new DeliveryAttempt.Delivered();
            }
            var answer = "endpoint returned HTTP status " + status;
            return status >= 400 && status < 500 && status != 429
                    ? new DeliveryAttempt.PermanentFailure("ClientError", answer)
                    : new DeliveryAttempt.RetryableFailure("ServerError", answer);
        } catch (IOException e) {
            return new DeliveryAttempt.RetryableFailure(
                    "ConnectionFailure", HttpFailureDescription.describe(e));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new DeliveryAttempt.RetryableFailure(
                    "Interrupted", "local-cloud is shutting down");
        }
    }

    private final class NotificationDelivery implements PendingDelivery {

        private final SnsTopic topic;
        private final SnsSubscription subscription;
        private final SnsMessage message;
        private final SnsSubscription.SubscriptionSettings settings;

        private NotificationDelivery(
                SnsTopic topic,
                SnsSubscription subscription,
                SnsMessage message,
                SnsSubscription.SubscriptionSettings settings) {
            this.topic = topic;
            this.subscription = subscription;
            this.message = message;
            this.settings = settings;
        }

        @Override
        public String description() {
            return "message %s for subscription %s".formatted(message.id(), subscription.arn());
        }

        private boolean isForQueue() {
            return subscription.protocol().equals("sqs");
        }

        @Override
        public String destinationKey() {
            return subscription.endpoint();
        }

        @Override
        public RetryPolicy retryPolicy() {
            return isForQueue() ? FOR_QUEUES : FOR_ENDPOINTS;
        }

        @Override
        public DeliveryAttempt attempt(int retry) {
            var attempt =
                    isForQueue()
                            ? toQueue(subscription.endpoint())
                            : post(
                                    subscription,
                                    "Notification",
                                    message.id(),
                                    settings.raw(),
                                    body());
            if (attempt instanceof DeliveryAttempt.Delivered) {
                record(topic, "NumberOfNotificationsDelivered", 1);
            }
            return attempt;
        }

        private String body() {
            return settings.raw()
                    ? message.bodyFor(subscription.protocol())
                    : message.envelope(
                            subscription.protocol(), subscription, subscription.cloudUrl());
        }

        private DeliveryAttempt toQueue(String queue) {
            try {
                queues.withCaller(
                                new Authorizer.Principal.ServicePrincipal(
                                        "sns.amazonaws.com", topic.arn()))
                        .sendTyped(
                                queue,
                                body(),
                                settings.raw() ? message.attributes() : Map.of(),
                                message.groupId());
                return new DeliveryAttempt.Delivered();
            } catch (AwsErrorException e) {
                var text = String.valueOf(e.getMessage());
                boolean transientError =
                        e.status() >= 500
                                || e.status() == 429
                                || e.code().contains("Throttl")
                                || e.code().contains("OverLimit");
                return transientError
                        ? new DeliveryAttempt.RetryableFailure(e.code(), text)
                        : new DeliveryAttempt.PermanentFailure(e.code(), text);
            }
        }

        @Override
        public void onExhausted(Exhausted exhausted) {
            record(topic, "NumberOfNotificationsFailed", 1);
            var queue = settings.deadLetterQueue();
            if (queue == null) {
                log.warn(
                        "{} dropped, no dead-letter queue configured: {}",
                        description(),
                        exhausted);
                return;
            }
            if (toQueue(queue) instanceof DeliveryAttempt.Delivered) {
                record(topic, "NumberOfNotificationsRedrivenToDlq", 1);
            } else {
                record(topic, "NumberOfNotificationsFailedToRedriveToDlq", 1);
                log.warn("{} dropped, dead-letter queue {} refused it", description(), queue);
            }
        }
    }

    private final class ConfirmationDelivery implements PendingDelivery {

        private final SnsTopic topic;
        private final SnsSubscription subscription;
        private final String body;
        private final String messageId = UUID.randomUUID().toString();

        private ConfirmationDelivery(SnsTopic topic, SnsSubscription subscription, Instant now) {
            this.topic = topic;
            this.subscription = subscription;
            var node = SnsMessage.JSON.createObjectNode();
            node.put("Type", "SubscriptionConfirmation");
            node.put("MessageId", messageId);
            node.put("Token", subscription.token());
            node.put("TopicArn", topic.arn());
            node.put(
                    "Message",
                    "You have chosen to subscribe to the topic %s.\nTo confirm the subscription, visit the SubscribeURL included in this message."
                            .formatted(topic.arn()));
            node.put(
                    "SubscribeURL",
                    "%s/?Action=ConfirmSubscription&TopicArn=%s&Token=%s"
                            .formatted(subscription.cloudUrl(), topic.arn(), subscription.token()));
            SnsMessage.addSignatureMembers(node, now, subscription.cloudUrl());
            this.body = node.toString();
        }

        @Override
        public String description() {
            return "confirmation of subscription " + subscription.arn();
        }

        @Override
        public String destinationKey() {
            return subscription.endpoint();
        }

        @Override
        public RetryPolicy retryPolicy() {
            return FOR_ENDPOINTS;
        }

        @Override
        public DeliveryAttempt attempt(int retry) {
            return post(subscription, "SubscriptionConfirmation", messageId, false, body);
        }

        @Override
        public void onExhausted(Exhausted exhausted) {
            record(topic, "NumberOfNotificationsFailed", 1);
            log.warn("{} failed: {}", description(), exhausted);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
