package dev.orderflow.order.workflow;

import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.ParsedMessage;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.delivery.SqsMessageHandler;
import dev.orderflow.order.progress.OrderProgressService;
import dev.orderflow.order.progress.ProgressResult;
import io.awspring.cloud.sqs.annotation.SqsListener;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Receives the workflow's reports about orders.
@Component
class OrderProgressListener {

    private final OrderProgressService progress;
    private final SqsMessageHandler messageHandler;

    OrderProgressListener(OrderProgressService progress, SqsMessageHandler messageHandler) {
        this.progress = progress;
        this.messageHandler = messageHandler;
    }

    @SqsListener(
            queueNames = "${orderflow.order.queues.order-progress}",
            acknowledgementMode = "MANUAL")
    void onMessage(Message<String> message) {
        messageHandler.handle(message, this::handle);
    }

    HandlingResult handle(ReceivedMessage message) {
        return switch (MessageCodec.readEvent(message.body())) {
            case ParsedMessage.ValidMessage<OrderEvent>(var event, var _) ->
                    switch (progress.applyReport(event)) {
                        case ProgressResult.OrderMoved _,
                                ProgressResult.AlreadyApplied _,
                                ProgressResult.LateReport _,
                                ProgressResult.OutOfOrderReport _ ->
                                HandlingResult.ACKNOWLEDGE;
                        case ProgressResult.UnknownOrder _ ->
                                new HandlingResult.Reject("there is no such order");
                    };
            case ParsedMessage<OrderEvent> unknown ->
                    new HandlingResult.Reject(unknown.rejectionReason().orElse("unknown"));
        };
    }
}
