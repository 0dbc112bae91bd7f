package dev.orderflow.localcloud.sns;

import dev.orderflow.localcloud.delivery.Attempt;
import dev.orderflow.localcloud.delivery.Courier;
import dev.orderflow.localcloud.delivery.GivenUp;
import dev.orderflow.localcloud.delivery.Parcel;
import dev.orderflow.localcloud.delivery.Patience;
import dev.orderflow.localcloud.wire.AwsError;
import dev.orderflow.localcloud.wiring.Authorizer;
import dev.orderflow.localcloud.wiring.Metrics;
import dev.orderflow.localcloud.wiring.Queues;
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

/// Brings messages to subscribers, and what a subscriber will not take to its dead-letter queue.
final class Fanout implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Fanout.class);
    private static final String NAMESPACE = "AWS/SNS";
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);

    /// For endpoints AWS runs itself: at once, then faster than every 20 seconds, over 23 days.
    private static final Patience FOR_QUEUES =
            new Patience(100_015, Duration.ofDays(23), Fanout::pauseForQueues);

    /// For other people's endpoints: three retries, 20 seconds apart.
    private static final Patience FOR_ENDPOINTS =
            new Patience(3, Duration.ofHours(1), _ -> Duration.ofSeconds(20));

    private final Courier courier;
    private final Queues queues;
    private final Metrics metrics;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(ANSWER_LIMIT)
                    .build();

    Fanout(Courier courier, Queues queues, Metrics metrics) {
        this.courier = courier;
        this.queues = queues;
        this.metrics = metrics;
    }

    private static Duration pauseForQueues(int retry) {
        if (retry <= 3) {
            return Duration.ofMillis(1);
        }
        if (retry <= 5) {
            return Duration.ofSeconds(1);
        }
        if (retry <= 15) {
            return Patience.exponential(Duration.ofSeconds(1), Duration.ofSeconds(20))
                    .apply(retry - 5);
        }
        return Duration.ofSeconds(20);
    }

    void send(Topic topic, Message message) {
        for (Subscription subscription : topic.subscriptions()) {
            if (!subscription.confirmed()) {
                continue;
            }
            var settings = subscription.settings();
            var filter = settings.filter();
            if (filter != null && !filter.lets(message, subscription.protocol())) {
                record(topic, "NumberOfNotificationsFilteredOut", 1);
                if (!filter.onBody() && message.attributes().isEmpty()) {
                    record(topic, "NumberOfNotificationsFilteredOut-NoMessageAttributes", 1);
                }
                continue;
            }
            courier.take(new Notification(topic, subscription, message, settings));
        }
    }

    /// Asks an HTTP endpoint to confirm.
    void askToConfirm(Topic topic, Subscription subscription, Instant now) {
        courier.take(new Confirmation(topic, subscription, now));
    }

    void record(Topic topic, String name, double value) {
        metrics.record(NAMESPACE, name, Map.of("TopicName", topic.name()), value);
    }

    private Attempt post(
            Subscription subscription, String type, String messageId, boolean raw, String body) {
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
                return new Attempt.Arrived();
            }
            var answer = "the endpoint answered " + status;
            return status >= 400 && status < 500 && status != 429
                    ? new Attempt.Refused("ClientError", answer)
                    : new Attempt.Failed("ServerError", answer);
        } catch (IOException e) {
            return new Attempt.Failed("ConnectionFailure", String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Attempt.Failed("Interrupted", "local-cloud is closing");
        }
    }

    private final class Notification implements Parcel {

        private final Topic topic;
        private final Subscription subscription;
        private final Message message;
        private final Subscription.Settings settings;

        private Notification(
                Topic topic,
                Subscription subscription,
                Message message,
                Subscription.Settings settings) {
            this.topic = topic;
            this.subscription = subscription;
            this.message = message;
            this.settings = settings;
        }

        @Override
        public String label() {
            return "message %s for subscription %s".formatted(message.id(), subscription.arn());
        }

        private boolean isForQueue() {
            return subscription.protocol().equals("sqs");
        }

        @Override
        public String lane() {
            return subscription.endpoint();
        }

        @Override
        public Patience patience() {
            return isForQueue() ? FOR_QUEUES : FOR_ENDPOINTS;
        }

        @Override
        public Attempt attempt(int retry) {
            var attempt =
                    isForQueue()
                            ? toQueue(subscription.endpoint())
                            : post(
                                    subscription,
                                    "Notification",
                                    message.id(),
                                    settings.raw(),
                                    body());
            if (attempt instanceof Attempt.Arrived) {
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

        private Attempt toQueue(String queue) {
            try {
                queues.as(new Authorizer.Caller.Service("sns.amazonaws.com", topic.arn()))
                        .sendTyped(
                                queue,
                                body(),
                                settings.raw() ? message.attributes() : Map.of(),
                                message.groupId());
                return new Attempt.Arrived();
            } catch (AwsError e) {
                var text = String.valueOf(e.getMessage());
                boolean transientError =
                        e.status() >= 500
                                || e.status() == 429
                                || e.code().contains("Throttl")
                                || e.code().contains("OverLimit");
                return transientError
                        ? new Attempt.Failed(e.code(), text)
                        : new Attempt.Refused(e.code(), text);
            }
        }

        @Override
        public void givenUp(GivenUp why) {
            record(topic, "NumberOfNotificationsFailed", 1);
            var queue = settings.deadLetterQueue();
            if (queue == null) {
                log.warn("{} is dropped, it has no dead-letter queue: {}", label(), why);
                return;
            }
            if (toQueue(queue) instanceof Attempt.Arrived) {
                record(topic, "NumberOfNotificationsRedrivenToDlq", 1);
            } else {
                record(topic, "NumberOfNotificationsFailedToRedriveToDlq", 1);
                log.warn("{} is dropped, {} did not take it", label(), queue);
            }
        }
    }

    private final class Confirmation implements Parcel {

        private final Topic topic;
        private final Subscription subscription;
        private final String body;
        private final String messageId = UUID.randomUUID().toString();

        private Confirmation(Topic topic, Subscription subscription, Instant now) {
            this.topic = topic;
            this.subscription = subscription;
            var node = Message.JSON.createObjectNode();
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
            Message.sign(node, now, subscription.cloudUrl());
            this.body = node.toString();
        }

        @Override
        public String label() {
            return "confirmation of subscription " + subscription.arn();
        }

        @Override
        public String lane() {
            return subscription.endpoint();
        }

        @Override
        public Patience patience() {
            return FOR_ENDPOINTS;
        }

        @Override
        public Attempt attempt(int retry) {
            return post(subscription, "SubscriptionConfirmation", messageId, false, body);
        }

        @Override
        public void givenUp(GivenUp why) {
            record(topic, "NumberOfNotificationsFailed", 1);
            log.warn("{} could not be asked for: {}", label(), why);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
