package dev.orderflow.shipping.messaging;

import dev.orderflow.contracts.ArrangeShipment;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.ParsedMessage;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.delivery.SqsMessageHandler;
import dev.orderflow.defaults.retry.RetryBackOff;
import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.arrangement.Arrangement;
import dev.orderflow.shipping.arrangement.Attempt;
import dev.orderflow.shipping.domain.TaskToken;
import io.awspring.cloud.sqs.annotation.SqsListener;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Hears the workflow's requests and the customers' cancellations.
@Component
class ShippingListeners {

    private static final Logger log = LoggerFactory.getLogger(ShippingListeners.class);

    private final SqsMessageHandler deliveries;
    private final Arrangement arrangement;
    private final ShippingProperties.ComeBack comeBack;

    ShippingListeners(
            SqsMessageHandler deliveries, Arrangement arrangement, ShippingProperties properties) {
        this.deliveries = deliveries;
        this.arrangement = arrangement;
        this.comeBack = properties.comeBack();
    }

    @SqsListener(
            queueNames = "${orderflow.shipping.requests-queue}",
            acknowledgementMode = "MANUAL")
    void onRequest(Message<String> message) {
        deliveries.handle(message, this::arrange);
    }

    @SqsListener(
            queueNames = "${orderflow.shipping.cancellations-queue}",
            acknowledgementMode = "MANUAL")
    void onCancellation(Message<String> message) {
        deliveries.handle(message, this::cancel);
    }

    private HandlingResult arrange(ReceivedMessage delivery) {
        return switch (MessageCodec.readCommand(delivery.body())) {
            case ParsedMessage.ValidMessage(ArrangeShipment command, _) -> {
                TaskToken token;
                try {
                    token = new TaskToken(command.taskToken());
                } catch (IllegalArgumentException malformed) {
                    yield new HandlingResult.Reject("malformed message: " + malformed.getMessage());
                }
                yield command.orderId() == null
                        ? new HandlingResult.Reject("malformed message: orderId must not be null")
                        : outcome(
                                arrangement.arrange(command.orderId(), token, delivery.sentAt()),
                                delivery);
            }
            case ParsedMessage.ValidMessage(var other, _) ->
                    new HandlingResult.Reject("no command for shipping: " + other.command());
            case ParsedMessage.UnknownType<?> unknown -> unreadable(unknown);
            case ParsedMessage.UnsupportedVersion<?> unknown -> unreadable(unknown);
            case ParsedMessage.Malformed<?> malformed -> unreadable(malformed);
        };
    }

    private HandlingResult cancel(ReceivedMessage delivery) {
        return switch (MessageCodec.readEvent(delivery.body())) {
            case ParsedMessage.ValidMessage(OrderCancellationRequested event, var envelope) ->
                    envelope.map(ParsedMessage.Envelope::replayName).isPresent()
                            ? new HandlingResult.Reject("a replay must not reach shipping")
                            : outcome(arrangement.cancel(event.orderId()), delivery);
            case ParsedMessage.ValidMessage(var other, _) ->
                    new HandlingResult.Reject("no event for shipping: " + other.type());
            case ParsedMessage.UnknownType<?> unknown -> unreadable(unknown);
            case ParsedMessage.UnsupportedVersion<?> unknown -> unreadable(unknown);
            case ParsedMessage.Malformed<?> malformed -> unreadable(malformed);
        };
    }

    private static HandlingResult unreadable(ParsedMessage<?> message) {
        return new HandlingResult.Reject(message.rejectionReason().orElseThrow());
    }

    private HandlingResult outcome(Attempt attempt, ReceivedMessage delivery) {
        return switch (attempt) {
            case Attempt.Settled _ -> HandlingResult.ACKNOWLEDGE;
            case Attempt.Later(var why) -> later(why, delivery);
            case Attempt.Stuck(var why) -> new HandlingResult.Reject(why);
        };
    }

    /// All that is to be done is in the database by now, so before its receives are used up the
    /// message is let go and the upkeep carries on.
    private HandlingResult later(String why, ReceivedMessage delivery) {
        log.info("{} is not possible yet: {}", delivery, why);
        return delivery.receiveCount() >= comeBack.receives()
                ? HandlingResult.ACKNOWLEDGE
                : new HandlingResult.RetryLater(delay(delivery.receiveCount()));
    }

    private Duration delay(int receiveCount) {
        return RetryBackOff.doubling(comeBack.first(), comeBack.longest()).delayAfter(receiveCount);
    }
}
