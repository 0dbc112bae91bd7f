package dev.orderflow.order.workflow;

import dev.orderflow.contracts.Messages;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.Received;
import dev.orderflow.defaults.delivery.Deliveries;
import dev.orderflow.defaults.delivery.Delivery;
import dev.orderflow.defaults.delivery.Outcome;
import dev.orderflow.order.progress.Progress;
import dev.orderflow.order.progress.Progressed;
import io.awspring.cloud.sqs.annotation.SqsListener;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Hears what the workflow reports of its order.
@Component
class OrderProgressListener {

    private final Progress progress;
    private final Deliveries deliveries;

    OrderProgressListener(Progress progress, Deliveries deliveries) {
        this.progress = progress;
        this.deliveries = deliveries;
    }

    @SqsListener(
            queueNames = "${orderflow.order.queues.order-progress}",
            acknowledgementMode = "MANUAL")
    void on(Message<String> message) {
        deliveries.settle(message, this::handle);
    }

    Outcome handle(Delivery delivery) {
        return switch (Messages.readEvent(delivery.body())) {
            case Received.Known<OrderEvent>(var event, var _) ->
                    switch (progress.report(event)) {
                        case Progressed.Moved _,
                                Progressed.AlreadyKnown _,
                                Progressed.Late _,
                                Progressed.OutOfTurn _ ->
                                Outcome.DONE;
                        case Progressed.UnknownOrder _ ->
                                new Outcome.Hopeless("there is no such order");
                    };
            case Received<OrderEvent> unknown ->
                    new Outcome.Hopeless(unknown.problem().orElse("unknown"));
        };
    }
}
