package dev.orderflow.notification.messaging;

import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.ParsedMessage;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.delivery.SqsMessageHandler;
import dev.orderflow.defaults.retry.RetryBackOff;
import dev.orderflow.notification.NotificationProperties;
import dev.orderflow.notification.channel.Notifications;
import dev.orderflow.notification.channel.Told;
import io.awspring.cloud.sqs.annotation.SqsListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Hears what is worth telling.
@Component
class NotificationListener {

    private static final Logger log = LoggerFactory.getLogger(NotificationListener.class);

    private final SqsMessageHandler deliveries;
    private final Notifications notifications;
    private final RetryBackOff delays;

    NotificationListener(
            SqsMessageHandler deliveries,
            Notifications notifications,
            NotificationProperties properties) {
        this.deliveries = deliveries;
        this.notifications = notifications;
        this.delays = properties.comeBack().delays();
    }

    @SqsListener(queueNames = "${orderflow.notification.queue}", acknowledgementMode = "MANUAL")
    void on(Message<String> message) {
        deliveries.handle(message, this::handle);
    }

    private HandlingResult handle(ReceivedMessage delivery) {
        return switch (MessageCodec.readEvent(delivery.body())) {
            case ParsedMessage.ValidMessage(var event, var envelope) ->
                    envelope.map(ParsedMessage.Envelope::replayName).isPresent()
                            ? new HandlingResult.Reject("a replay must not reach notification")
                            : outcome(notifications.tell(event), delivery);
            case ParsedMessage.UnknownType<?> unknown -> unreadable(unknown);
            case ParsedMessage.UnsupportedVersion<?> unknown -> unreadable(unknown);
            case ParsedMessage.Malformed<?> malformed -> unreadable(malformed);
        };
    }

    private static HandlingResult unreadable(ParsedMessage<?> message) {
        return new HandlingResult.Reject(message.rejectionReason().orElseThrow());
    }

    private HandlingResult outcome(Told told, ReceivedMessage delivery) {
        return switch (told) {
            case Told.Settled _ -> HandlingResult.ACKNOWLEDGE;
            case Told.Later(var why) -> {
                log.info("{} is not possible yet: {}", delivery, why);
                yield new HandlingResult.RetryLater(delays.delayAfter(delivery.receiveCount()));
            }
            case Told.Unavailable(var dependency, var why) ->
                    new HandlingResult.DependencyUnavailable(dependency, why);
            case Told.Stuck(var why) -> new HandlingResult.Reject(why);
        };
    }
}
