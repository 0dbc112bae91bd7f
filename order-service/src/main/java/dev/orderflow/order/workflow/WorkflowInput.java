package dev.orderflow.order.workflow;

import dev.orderflow.contracts.EventLine;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.Total;
import dev.orderflow.order.domain.Order;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/// The input of an order's workflow: what its steps need, without personal data.
///
/// @param paymentMethodId the gateway's opaque id. `OrderCreated` has many consumers and must not
///     contain it, which is why order-service and not the event starts the workflow
/// @param traceparent always present, because the workflow passes it on with every call
record WorkflowInput(
        UUID orderId,
        int orderVersion,
        String customerRef,
        List<EventLine> lines,
        Total total,
        String paymentMethodId,
        String traceparent) {

    WorkflowInput {
        lines = List.copyOf(lines);
    }

    static WorkflowInput of(Order order, String paymentMethodId, OrderCreated created) {
        var traceparent = created.traceparent();
        return new WorkflowInput(
                order.id(),
                created.orderVersion(),
                order.customer().value(),
                order.lines().stream()
                        .map(line -> new EventLine(line.sku().value(), line.quantity()))
                        .toList(),
                new Total(order.total().amount(), order.total().currency().getCurrencyCode()),
                paymentMethodId,
                traceparent == null ? traceparentOf(order.id()) : traceparent);
    }

    /// A trace parent derived from the order's id, always the same for an order.
    private static String traceparentOf(UUID orderId) {
        var hex = HexFormat.of();
        var lower = hex.toHexDigits(orderId.getLeastSignificantBits());
        return "00-"
                + hex.toHexDigits(orderId.getMostSignificantBits())
                + lower
                + "-"
                + lower
                + "-00";
    }

    /// Omits the payment method.
    @Override
    public String toString() {
        return "WorkflowInput[" + orderId + "]";
    }
}
