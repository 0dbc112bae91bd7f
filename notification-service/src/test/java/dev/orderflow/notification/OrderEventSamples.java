package dev.orderflow.notification;

import dev.orderflow.contracts.EventLine;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderCancelled;
import dev.orderflow.contracts.OrderConfirmed;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.contracts.Total;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Sample events of one order.
public record OrderEventSamples(UUID orderId) {

    private static final Instant NOON = Instant.parse("2026-11-02T12:00:00Z");
    private static final Total TOTAL = new Total(new BigDecimal("49.90"), "EUR");
    private static final List<EventLine> LINES = List.of(new EventLine("MUG-BLUE", 2));
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    public OrderConfirmed confirmed() {
        return new OrderConfirmed(
                id(OrderConfirmed.class), 1, NOON, orderId, 2, "cust-1842", TOTAL, TRACE);
    }

    public OrderShipped shipped() {
        return new OrderShipped(
                id(OrderShipped.class), 1, NOON, orderId, 3, "cust-1842", LINES, TOTAL, TRACE);
    }

    public OrderRejected rejected(OrderRejected.OrderRejectionReason reason) {
        return new OrderRejected(
                id(OrderRejected.class), 1, NOON, orderId, 3, "cust-1842", reason, TOTAL, TRACE);
    }

    public OrderCancelled cancelled() {
        return new OrderCancelled(
                id(OrderCancelled.class),
                1,
                NOON,
                orderId,
                3,
                "cust-1842",
                OrderCancelled.OrderCancellationReason.CUSTOMER_REQUEST,
                TOTAL,
                TRACE);
    }

    public OrderCreated created() {
        return new OrderCreated(
                id(OrderCreated.class), 1, NOON, orderId, 1, "cust-1842", LINES, TOTAL, TRACE);
    }

    private String id(Class<? extends OrderEvent> type) {
        return OrderEvent.idOf(orderId, type);
    }

    /// An event in the envelope of EventBridge.
    static String envelope(OrderEvent event) {
        return """
               {"version":"0","id":"e-1","detail-type":"%s","source":"orderflow.workflow",
                "account":"000000000000","time":"2026-11-02T12:00:00Z","region":"us-east-1","resources":[],
                "detail":%s}"""
                .formatted(event.type(), MessageCodec.write(event));
    }
}
