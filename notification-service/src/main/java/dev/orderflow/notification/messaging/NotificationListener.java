package dev.orderflow.notification.messaging;

import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.ParsedMessage;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.delivery.SqsMessageHandler;
import dev.orderflow.defaults.retry.RetryBackOff;
import dev.orderflow.notification.NotificationProperties;
import dev.orderflow.notification.channel.NotificationResult;
import dev.orderflow.notification.channel.NotificationService;
import io.awspring.cloud.sqs.annotation.SqsListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Hears what is worth telling.
@Component
class NotificationListener {

    private static final Logger log = LoggerFactory.getLogger(NotificationListener.class);

    private final SqsMessageHandler messageHandler;
    private final NotificationService notificationService;
    private final RetryBackOff topicBackOff;

    NotificationListener(
            SqsMessageHandler deliveries,
            NotificationService notifications,
            NotificationProperties properties) {
        this.messageHandler = deliveries;
        this.notificationService = notifications;
        this.topicBackOff = properties.topicRetry().backOff();
    }

    @SqsListener(queueNames = "${orderflow.notification.queue}", acknowledgementMode = "MANUAL")
    void onMessage(Message<String> message) {
        messageHandler.handle(message, this::handle);
    }

    private HandlingResult handle(ReceivedMessage delivery) {
        return switch (MessageCodec.readEvent(delivery.body())) {
            case ParsedMessage.ValidMessage(var event, var envelope) ->
                    envelope.map(ParsedMessage.Envelope::replayName).isPresent()
                            ? new HandlingResult.Reject("a replay must not reach notification")
                            : toHandlingResult(notificationService.send(event), delivery);
            case ParsedMessage.UnknownType<?> unknown -> rejectUnreadable(unknown);
            case ParsedMessage.UnsupportedVersion<?> unknown -> rejectUnreadable(unknown);
            case ParsedMessage.Malformed<?> malformed -> rejectUnreadable(malformed);
        };
    }

    private static HandlingResult rejectUnreadable(ParsedMessage<?> message) {
        return new HandlingResult.Reject(message.rejectionReason().orElseThrow());
    }

    private HandlingResult toHandlingResult(NotificationResult told, ReceivedMessage delivery) {
        return switch (told) {
            case NotificationResult.NotificationCompleted _ -> HandlingResult.ACKNOWLEDGE;
            case NotificationResult.NotificationDeferred(var why) -> {
                log.info("{} is not possible yet: {}", delivery, why);
                yield new HandlingResult.RetryLater(
                        topicBackOff.delayAfter(delivery.receiveCount()));
            }
            case NotificationResult.NotificationDependencyUnavailable(var dependency, var why) ->
                    new HandlingResult.DependencyUnavailable(dependency, why);
            case NotificationResult.NotificationRejected(var why) -> new HandlingResult.Reject(why);
        };
    }
}
