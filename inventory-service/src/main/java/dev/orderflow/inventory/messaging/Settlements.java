package dev.orderflow.inventory.messaging;

import dev.orderflow.contracts.Messages;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.contracts.Received;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.defaults.delivery.Deliveries;
import dev.orderflow.defaults.delivery.Delivery;
import dev.orderflow.defaults.delivery.Outcome;
import dev.orderflow.inventory.domain.Line;
import dev.orderflow.inventory.domain.Lines;
import dev.orderflow.inventory.reservation.Reservations;
import dev.orderflow.inventory.reservation.Settled;
import io.awspring.cloud.sqs.annotation.SqsListener;
import java.util.Optional;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Shipped orders, whose reserved stock has left.
@Component
class Settlements {

    private final Deliveries deliveries;
    private final Reservations reservations;

    Settlements(Deliveries deliveries, Reservations reservations) {
        this.deliveries = deliveries;
        this.reservations = reservations;
    }

    @SqsListener(
            queueNames = "${orderflow.inventory.settlements-queue}",
            acknowledgementMode = "MANUAL")
    void on(Message<String> message) {
        deliveries.settle(message, this::handle);
    }

    private Outcome handle(Delivery delivery) {
        var received = Messages.readEvent(delivery.body());
        return switch (received) {
            case Received.Known<OrderEvent>(OrderShipped shipped, var _) -> settle(shipped);
            case Received.Known<OrderEvent>(var other, var _) ->
                    new Outcome.Hopeless("no settlement follows from " + other.type());
            case Received.UnknownType<OrderEvent> _,
                    Received.UnknownVersion<OrderEvent> _,
                    Received.Malformed<OrderEvent> _ ->
                    new Outcome.Hopeless(received.problem().orElse("unreadable"));
        };
    }

    private Outcome settle(OrderShipped shipped) {
        var lines = linesOf(shipped);
        if (lines.isEmpty()) {
            return new Outcome.Hopeless("shipped lines are beyond what can be reserved");
        }
        return switch (reservations.settle(shipped.eventId(), shipped.orderId(), lines.get())) {
            case Settled.Done _, Settled.Known _ -> Outcome.DONE;
            case Settled.OutOfTurn(var why) -> new Outcome.Hopeless(why);
        };
    }

    private static Optional<Lines> linesOf(OrderShipped shipped) {
        try {
            return Optional.of(
                    Lines.of(
                            shipped.lines().stream()
                                    .map(line -> new Line(new Sku(line.sku()), line.quantity()))
                                    .toList()));
        } catch (IllegalArgumentException | ArithmeticException beyond) {
            return Optional.empty();
        }
    }
}
