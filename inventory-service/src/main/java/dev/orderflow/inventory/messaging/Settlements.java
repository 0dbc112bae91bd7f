package dev.orderflow.inventory.messaging;

import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.contracts.ParsedMessage;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.delivery.SqsMessageHandler;
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

    private final SqsMessageHandler deliveries;
    private final Reservations reservations;

    Settlements(SqsMessageHandler deliveries, Reservations reservations) {
        this.deliveries = deliveries;
        this.reservations = reservations;
    }

    @SqsListener(
            queueNames = "${orderflow.inventory.settlements-queue}",
            acknowledgementMode = "MANUAL")
    void on(Message<String> message) {
        deliveries.handle(message, this::handle);
    }

    private HandlingResult handle(ReceivedMessage delivery) {
        var received = MessageCodec.readEvent(delivery.body());
        return switch (received) {
            case ParsedMessage.ValidMessage<OrderEvent>(OrderShipped shipped, var _) ->
                    settle(shipped);
            case ParsedMessage.ValidMessage<OrderEvent>(var other, var _) ->
                    new HandlingResult.Reject("no settlement follows from " + other.type());
            case ParsedMessage.UnknownType<OrderEvent> _,
                    ParsedMessage.UnsupportedVersion<OrderEvent> _,
                    ParsedMessage.Malformed<OrderEvent> _ ->
                    new HandlingResult.Reject(received.rejectionReason().orElse("unreadable"));
        };
    }

    private HandlingResult settle(OrderShipped shipped) {
        var lines = linesOf(shipped);
        if (lines.isEmpty()) {
            return new HandlingResult.Reject("shipped lines are beyond what can be reserved");
        }
        return switch (reservations.settle(shipped.eventId(), shipped.orderId(), lines.get())) {
            case Settled.Done _, Settled.Known _ -> HandlingResult.ACKNOWLEDGE;
            case Settled.OutOfTurn(var why) -> new HandlingResult.Reject(why);
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
