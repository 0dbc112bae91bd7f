package dev.orderflow.order.workflow;

import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.ParsedMessage;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.delivery.SqsMessageHandler;
import dev.orderflow.order.progress.Progress;
import dev.orderflow.order.progress.Progressed;
import io.awspring.cloud.sqs.annotation.SqsListener;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Hears what the workflow reports of its order.
@Component
class OrderProgressListener {

    private final Progress progress;
    private final SqsMessageHandler deliveries;

    OrderProgressListener(Progress progress, SqsMessageHandler deliveries) {
        this.progress = progress;
        this.deliveries = deliveries;
    }

    @SqsListener(
            queueNames = "${orderflow.order.queues.order-progress}",
            acknowledgementMode = "MANUAL")
    void on(Message<String> message) {
        deliveries.handle(message, this::handle);
    }

    HandlingResult handle(ReceivedMessage delivery) {
        return switch (MessageCodec.readEvent(delivery.body())) {
            case ParsedMessage.ValidMessage<OrderEvent>(var event, var _) ->
                    switch (progress.report(event)) {
                        case Progressed.Moved _,
                                Progressed.AlreadyKnown _,
                                Progressed.Late _,
                                Progressed.OutOfTurn _ ->
                                HandlingResult.ACKNOWLEDGE;
                        case Progressed.UnknownOrder _ ->
                                new HandlingResult.Reject("there is no such order");
                    };
            case ParsedMessage<OrderEvent> unknown ->
                    new HandlingResult.Reject(unknown.rejectionReason().orElse("unknown"));
        };
    }
}
