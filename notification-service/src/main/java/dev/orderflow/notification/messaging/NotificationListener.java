package dev.orderflow.notification.messaging;

import dev.orderflow.contracts.Messages;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.Received;
import dev.orderflow.defaults.delivery.Deliveries;
import dev.orderflow.defaults.delivery.Delivery;
import dev.orderflow.defaults.delivery.Outcome;
import dev.orderflow.notification.channel.Notifications;
import io.awspring.cloud.sqs.annotation.SqsListener;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Hears what is worth telling.
@Component
class NotificationListener {

    private final Deliveries deliveries;
    private final Notifications notifications;

    NotificationListener(Deliveries deliveries, Notifications notifications) {
        this.deliveries = deliveries;
        this.notifications = notifications;
    }

    @SqsListener(queueNames = "${orderflow.notification.queue}", acknowledgementMode = "MANUAL")
    void on(Message<String> message) {
        deliveries.settle(message, this::handle);
    }

    private Outcome handle(Delivery delivery) {
        var received = Messages.readEvent(delivery.body());
        return received instanceof Received.Known<OrderEvent>(var event, var _)
                ? notifications.tell(event)
                : new Outcome.Hopeless(received.problem().orElse("unreadable"));
    }
}
