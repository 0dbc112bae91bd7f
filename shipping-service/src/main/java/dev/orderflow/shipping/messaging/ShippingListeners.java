package dev.orderflow.shipping.messaging;

import dev.orderflow.contracts.ArrangeShipment;
import dev.orderflow.contracts.Messages;
import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.Received;
import dev.orderflow.defaults.delivery.Deliveries;
import dev.orderflow.defaults.delivery.Delivery;
import dev.orderflow.defaults.delivery.Outcome;
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

    private final Deliveries deliveries;
    private final Arrangement arrangement;
    private final ShippingProperties.ComeBack comeBack;

    ShippingListeners(
            Deliveries deliveries, Arrangement arrangement, ShippingProperties properties) {
        this.deliveries = deliveries;
        this.arrangement = arrangement;
        this.comeBack = properties.comeBack();
    }

    @SqsListener(
            queueNames = "${orderflow.shipping.requests-queue}",
            acknowledgementMode = "MANUAL")
    void onRequest(Message<String> message) {
        deliveries.settle(message, this::arrange);
    }

    @SqsListener(
            queueNames = "${orderflow.shipping.cancellations-queue}",
            acknowledgementMode = "MANUAL")
    void onCancellation(Message<String> message) {
        deliveries.settle(message, this::cancel);
    }

    private Outcome arrange(Delivery delivery) {
        return switch (Messages.readCommand(delivery.body())) {
            case Received.Known(ArrangeShipment command, _) -> {
                TaskToken token;
                try {
                    token = new TaskToken(command.taskToken());
                } catch (IllegalArgumentException malformed) {
                    yield new Outcome.Hopeless("malformed message: " + malformed.getMessage());
                }
                yield command.orderId() == null
                        ? new Outcome.Hopeless("malformed message: orderId must not be null")
                        : outcome(
                                arrangement.arrange(command.orderId(), token, delivery.sentAt()),
                                delivery);
            }
            case Received.Known(var other, _) ->
                    new Outcome.Hopeless("no command for shipping: " + other.command());
            case Received.UnknownType<?> unknown -> unreadable(unknown);
            case Received.UnknownVersion<?> unknown -> unreadable(unknown);
            case Received.Malformed<?> malformed -> unreadable(malformed);
        };
    }

    private Outcome cancel(Delivery delivery) {
        return switch (Messages.readEvent(delivery.body())) {
            case Received.Known(OrderCancellationRequested event, var envelope) ->
                    envelope.map(Received.Envelope::replayName).isPresent()
                            ? new Outcome.Hopeless("a replay must not reach shipping")
                            : outcome(arrangement.cancel(event.orderId()), delivery);
            case Received.Known(var other, _) ->
                    new Outcome.Hopeless("no event for shipping: " + other.type());
            case Received.UnknownType<?> unknown -> unreadable(unknown);
            case Received.UnknownVersion<?> unknown -> unreadable(unknown);
            case Received.Malformed<?> malformed -> unreadable(malformed);
        };
    }

    private static Outcome unreadable(Received<?> message) {
        return new Outcome.Hopeless(message.problem().orElseThrow());
    }

    private Outcome outcome(Attempt attempt, Delivery delivery) {
        return switch (attempt) {
            case Attempt.Settled _ -> Outcome.DONE;
            case Attempt.Later(var why) -> later(why, delivery);
            case Attempt.Stuck(var why) -> new Outcome.Hopeless(why);
        };
    }

    /// All that is to be done is in the database by now, so before its receives are used up the
    /// message is let go and the upkeep carries on.
    private Outcome later(String why, Delivery delivery) {
        log.info("{} is not possible yet: {}", delivery, why);
        return delivery.receiveCount() >= comeBack.receives()
                ? Outcome.DONE
                : new Outcome.NotYet(delay(delivery.receiveCount()));
    }

    private Duration delay(int receiveCount) {
        int doublings = Math.clamp(receiveCount - 1, 0, 20);
        var doubled = comeBack.first().multipliedBy(1L << doublings);
        return doubled.compareTo(comeBack.longest()) < 0 ? doubled : comeBack.longest();
    }
}
