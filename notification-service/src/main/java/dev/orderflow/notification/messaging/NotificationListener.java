package dev.orderflow.notification.messaging;

import dev.orderflow.contracts.Messages;
import dev.orderflow.contracts.Received;
import dev.orderflow.defaults.delivery.Deliveries;
import dev.orderflow.defaults.delivery.Delivery;
import dev.orderflow.defaults.delivery.LongBackOff;
import dev.orderflow.defaults.delivery.Outcome;
import dev.orderflow.notification.NotificationProperties;
import dev.orderflow.notification.channel.Notifications;
import dev.orderflow.notification.channel.Told;
import io.awspring.cloud.sqs.annotation.SqsListener;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Hears what is worth telling.
@Component
class NotificationListener {

    private static final Logger log = LoggerFactory.getLogger(NotificationListener.class);

    private final Deliveries deliveries;
    private final Notifications notifications;
    private final LongBackOff delays;

    NotificationListener(
            Deliveries deliveries, Notifications notifications, NotificationProperties properties) {
        this.deliveries = deliveries;
        this.notifications = notifications;
        this.delays = properties.comeBack().delays();
    }

    @SqsListener(queueNames = "${orderflow.notification.queue}", acknowledgementMode = "MANUAL")
    void on(Message<String> message) {
        deliveries.settle(message, this::handle);
    }

    private Outcome handle(Delivery delivery) {
        return switch (Messages.readEvent(delivery.body())) {
            case Received.Known(var event, var envelope) ->
                    envelope.map(Received.Envelope::replayName).isPresent()
                            ? new Outcome.Hopeless("a replay must not reach notification")
                            : outcome(notifications.tell(event), delivery);
            case Received.UnknownType<?> unknown -> unreadable(unknown);
            case Received.UnknownVersion<?> unknown -> unreadable(unknown);
            case Received.Malformed<?> malformed -> unreadable(malformed);
        };
    }

    private static Outcome unreadable(Received<?> message) {
        return new Outcome.Hopeless(message.problem().orElseThrow());
    }

    private Outcome outcome(Told told, Delivery delivery) {
        return switch (told) {
            case Told.Settled _ -> Outcome.DONE;
            case Told.Later(var why) -> {
                log.info("{} is not possible yet: {}", delivery, why);
                yield new Outcome.NotYet(
                        delays.after(delivery.receiveCount(), RandomGenerator.getDefault()));
            }
            case Told.Unavailable(var dependency, var why) ->
                    new Outcome.Unavailable(dependency, why);
            case Told.Stuck(var why) -> new Outcome.Hopeless(why);
        };
    }
}
