package dev.orderflow.order.workflow;

import dev.orderflow.contracts.EventLine;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.Total;
import dev.orderflow.order.domain.Order;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/// The input of an order's workflow: what its steps need, and no personal data.
///
/// @param paymentMethodId opaque, and the reason why the workflow is not started by the event: a
///     broad event must not carry it
/// @param traceparent never missing, because the workflow passes it on with every call
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

    /// A trace made of the order's id, the same whenever it is made.
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

    /// Leaves the payment method out.
    @Override
    public String toString() {
        return "Fulfilment[" + orderId + "]";
    }
}
