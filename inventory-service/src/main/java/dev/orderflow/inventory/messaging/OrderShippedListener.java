package dev.orderflow.inventory.messaging;

import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.contracts.ParsedMessage;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.delivery.SqsMessageHandler;
import dev.orderflow.defaults.history.OrderIncidentType;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.inventory.domain.ReservationLine;
import dev.orderflow.inventory.domain.ReservationLines;
import dev.orderflow.inventory.reservation.ReservationService;
import dev.orderflow.inventory.reservation.StockDeductionResult;
import io.awspring.cloud.sqs.annotation.SqsListener;
import java.util.Optional;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Deducts the reserved stock of shipped orders.
@Component
class OrderShippedListener {

    private final SqsMessageHandler handler;
    private final ReservationService reservations;
    private final OrderIncidents incidents;

    OrderShippedListener(
            SqsMessageHandler handler, ReservationService reservations, OrderIncidents incidents) {
        this.incidents = incidents;
        this.handler = handler;
        this.reservations = reservations;
    }

    @SqsListener(
            queueNames = "${orderflow.inventory.queues.stock-deductions}",
            acknowledgementMode = "MANUAL")
    void onMessage(Message<String> message) {
        handler.handle(message, this::handle);
    }

    private HandlingResult handle(ReceivedMessage message) {
        var parsed = MessageCodec.readEvent(message.body());
        return switch (parsed) {
            case ParsedMessage.ValidMessage<OrderEvent>(OrderShipped shipped, var _) ->
                    deductStock(shipped);
            case ParsedMessage.ValidMessage<OrderEvent>(var other, var _) ->
                    new HandlingResult.Reject("unexpected message type " + other.type());
            case ParsedMessage.UnknownType<OrderEvent> _,
                    ParsedMessage.UnsupportedVersion<OrderEvent> _,
                    ParsedMessage.Malformed<OrderEvent> _ ->
                    new HandlingResult.Reject(parsed.rejectionReason().orElse("malformed message"));
        };
    }

    private HandlingResult deductStock(OrderShipped shipped) {
        var lines = linesOf(shipped);
        if (lines.isEmpty()) {
            return new HandlingResult.Reject("shipped lines exceed the limits of a reservation");
        }
        return switch (reservations.deductStock(
                shipped.eventId(), shipped.orderId(), lines.get())) {
            case StockDeductionResult.StockDeducted _ -> HandlingResult.ACKNOWLEDGE;
            case StockDeductionResult.AlreadyDeducted _ -> {
                incidents.record(
                        shipped.orderId(),
                        OrderIncidentType.MESSAGE_DUPLICATE,
                        "",
                        "OrderShipped came again and changed nothing.");
                yield HandlingResult.ACKNOWLEDGE;
            }
            case StockDeductionResult.DeductionOutOfOrder(var reason) ->
                    new HandlingResult.Reject(reason);
        };
    }

    private static Optional<ReservationLines> linesOf(OrderShipped shipped) {
        try {
            return Optional.of(
                    ReservationLines.of(
                            shipped.lines().stream()
                                    .map(
                                            line ->
                                                    new ReservationLine(
                                                            new Sku(line.sku()), line.quantity()))
                                    .toList()));
        } catch (IllegalArgumentException | ArithmeticException _) {
            return Optional.empty();
        }
    }
}
