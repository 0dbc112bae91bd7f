package dev.orderflow.notification.messaging;

import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.ParsedMessage;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.delivery.SqsMessageHandler;
import dev.orderflow.defaults.history.OrderIncidentType;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.defaults.retry.RetryBackOff;
import dev.orderflow.notification.NotificationProperties;
import dev.orderflow.notification.channel.NotificationResult;
import dev.orderflow.notification.channel.NotificationService;
import io.awspring.cloud.sqs.annotation.SqsListener;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Receives order events and sends their notifications.
@Component
class NotificationListener {

    private static final Logger log = LoggerFactory.getLogger(NotificationListener.class);

    private final SqsMessageHandler messageHandler;
    private final NotificationService notificationService;
    private final RetryBackOff topicBackOff;
    private final OrderIncidents incidents;

    NotificationListener(
            SqsMessageHandler messageHandler,
            NotificationService notificationService,
            NotificationProperties properties,
            OrderIncidents incidents) {
        this.messageHandler = messageHandler;
        this.notificationService = notificationService;
        this.incidents = incidents;
        this.topicBackOff = properties.topicRetry().backOff();
    }

    @SqsListener(
            queueNames = "${orderflow.notification.queues.notifications}",
            acknowledgementMode = "MANUAL")
    void onMessage(Message<String> message) {
        messageHandler.handle(message, this::handle);
    }

    private HandlingResult handle(ReceivedMessage message) {
        return switch (MessageCodec.readEvent(message.body())) {
            case ParsedMessage.ValidMessage(var event, var envelope) ->
                    envelope.map(ParsedMessage.Envelope::replayName).isPresent()
                            ? new HandlingResult.Reject(
                                    "replayed events are not accepted by notification")
                            : toHandlingResult(
                                    event.orderId(), notificationService.send(event), message);
            case ParsedMessage.UnknownType<?> unknown -> rejectUnreadable(unknown);
            case ParsedMessage.UnsupportedVersion<?> unknown -> rejectUnreadable(unknown);
            case ParsedMessage.Malformed<?> malformed -> rejectUnreadable(malformed);
        };
    }

    private static HandlingResult rejectUnreadable(ParsedMessage<?> message) {
        return new HandlingResult.Reject(message.rejectionReason().orElseThrow());
    }

    private HandlingResult toHandlingResult(
            UUID orderId, NotificationResult result, ReceivedMessage message) {
        return switch (result) {
            case NotificationResult.NotificationCompleted _ -> HandlingResult.ACKNOWLEDGE;
            case NotificationResult.NotificationDeferred(var reason) -> {
                log.info("{} deferred: {}; it will be retried", message, reason);
                incidents.record(
                        orderId,
                        OrderIncidentType.ATTEMPT_DEFERRED,
                        message.messageId(),
                        "A notification could not be sent and is retried: %s.".formatted(reason));
                yield new HandlingResult.RetryLater(
                        topicBackOff.delayAfter(message.receiveCount()));
            }
            case NotificationResult.NotificationDependencyUnavailable(var dependency, var reason) ->
                    new HandlingResult.DependencyUnavailable(dependency, reason);
            case NotificationResult.NotificationRejected(var reason) ->
                    new HandlingResult.Reject(reason);
        };
    }
}
