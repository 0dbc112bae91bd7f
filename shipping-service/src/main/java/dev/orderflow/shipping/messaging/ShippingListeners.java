package dev.orderflow.shipping.messaging;

import dev.orderflow.contracts.ArrangeShipment;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.ParsedMessage;
import dev.orderflow.contracts.value.TaskToken;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.delivery.SqsMessageHandler;
import dev.orderflow.defaults.retry.RetryBackOff;
import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.shipment.AttemptResult;
import dev.orderflow.shipping.shipment.ShipmentService;
import dev.orderflow.shipping.shipment.WorkflowCallbackClient.CallbackResult;
import io.awspring.cloud.sqs.annotation.SqsListener;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Receives the workflow's shipping requests and the cancellations of orders.
@Component
class ShippingListeners {

    private static final Logger log = LoggerFactory.getLogger(ShippingListeners.class);

    private final SqsMessageHandler messageHandler;
    private final ShipmentService shipmentService;
    private final ShippingProperties.ShippingRetryProperties retry;

    ShippingListeners(
            SqsMessageHandler messageHandler,
            ShipmentService shipmentService,
            ShippingProperties properties) {
        this.messageHandler = messageHandler;
        this.shipmentService = shipmentService;
        this.retry = properties.retry();
    }

    @SqsListener(
            queueNames = "${orderflow.shipping.queues.shipping-requests}",
            acknowledgementMode = "MANUAL")
    void onRequest(Message<String> message) {
        messageHandler.handle(message, this::arrange);
    }

    @SqsListener(
            queueNames = "${orderflow.shipping.queues.shipping-cancellations}",
            acknowledgementMode = "MANUAL")
    void onCancellation(Message<String> message) {
        messageHandler.handle(message, this::cancel);
    }

    private HandlingResult arrange(ReceivedMessage message) {
        return switch (MessageCodec.readCommand(message.body())) {
            case ParsedMessage.ValidMessage(ArrangeShipment command, _) ->
                    message.redriveId() == null
                            ? arrange(command, message)
                            : arrangeRedriven(command, message);
            case ParsedMessage.ValidMessage(var other, _) ->
                    new HandlingResult.Reject("not a shipping command: " + other.command());
            case ParsedMessage.UnknownType<?> unknown -> rejectUnreadable(unknown);
            case ParsedMessage.UnsupportedVersion<?> unknown -> rejectUnreadable(unknown);
            case ParsedMessage.Malformed<?> malformed -> rejectUnreadable(malformed);
        };
    }

    private HandlingResult arrange(ArrangeShipment command, ReceivedMessage message) {
        return toHandlingResult(
                shipmentService.arrange(
                        command.orderId(), new TaskToken(command.taskToken()), message.sentAt()),
                message);
    }

    /// A request that an operator sent again looks like the latest one, whatever its age. The
    /// workflow tells whether it still waits for its token, and has sent no later one.
    private HandlingResult arrangeRedriven(ArrangeShipment command, ReceivedMessage message) {
        return switch (shipmentService.checkToken(
                command.orderId(), new TaskToken(command.taskToken()))) {
            case CallbackResult.CallbackAccepted _ -> arrange(command, message);
            case CallbackResult.TaskTokenInvalid _ -> HandlingResult.ACKNOWLEDGE;
            // Nothing of it is stored, so the scheduler could not continue it.
            case CallbackResult.WorkflowUnreachable(var reason) -> {
                log.info("{} deferred: workflow: {}; it will be retried", message, reason);
                yield new HandlingResult.RetryLater(retryDelay(message.receiveCount()));
            }
        };
    }

    private HandlingResult cancel(ReceivedMessage message) {
        return switch (MessageCodec.readEvent(message.body())) {
            case ParsedMessage.ValidMessage(OrderCancellationRequested event, var envelope) ->
                    envelope.map(ParsedMessage.Envelope::replayName).isPresent()
                            ? new HandlingResult.Reject(
                                    "replayed events are not accepted by shipping")
                            : toHandlingResult(shipmentService.cancel(event.orderId()), message);
            case ParsedMessage.ValidMessage(var other, _) ->
                    new HandlingResult.Reject("not a shipping event: " + other.type());
            case ParsedMessage.UnknownType<?> unknown -> rejectUnreadable(unknown);
            case ParsedMessage.UnsupportedVersion<?> unknown -> rejectUnreadable(unknown);
            case ParsedMessage.Malformed<?> malformed -> rejectUnreadable(malformed);
        };
    }

    private static HandlingResult rejectUnreadable(ParsedMessage<?> message) {
        return new HandlingResult.Reject(message.rejectionReason().orElseThrow());
    }

    private HandlingResult toHandlingResult(AttemptResult attempt, ReceivedMessage message) {
        return switch (attempt) {
            case AttemptResult.AttemptCompleted _ -> HandlingResult.ACKNOWLEDGE;
            case AttemptResult.AttemptDeferred(var reason) -> retryLater(reason, message);
            case AttemptResult.AttemptRejected(var reason) -> new HandlingResult.Reject(reason);
        };
    }

    /// The remaining work is in the database by now. Before the message reaches the queue's maximum
    /// receive count it is acknowledged, and the scheduler continues.
    private HandlingResult retryLater(String reason, ReceivedMessage message) {
        if (message.receiveCount() >= retry.maxReceives()) {
            log.info("{} deferred: {}; the scheduler continues it", message, reason);
            return HandlingResult.ACKNOWLEDGE;
        }
        log.info("{} deferred: {}; it will be retried", message, reason);
        return new HandlingResult.RetryLater(retryDelay(message.receiveCount()));
    }

    private Duration retryDelay(int receiveCount) {
        return RetryBackOff.doubling(retry.initialDelay(), retry.maxDelay())
                .delayAfter(receiveCount);
    }
}
