package dev.orderflow.operations.deadletters;

import dev.orderflow.operations.orders.OrderNow;

/// Whose queue it is, which decides whether a message is still needed.
enum Consumer {
    /// Starts workflows.
    FULFILMENT_REQUESTS,
    /// Moves orders on.
    ORDER_PROGRESS,
    /// Asks people for approval.
    APPROVAL_REQUESTS,
    /// Marks orders whose workflow failed.
    WORKFLOW_FAILURES,
    /// Takes shipped goods off the books.
    INVENTORY_SETTLEMENTS,
    /// Books carriers.
    SHIPPING_REQUESTS,
    /// Answers waiting shipments that were cancelled.
    SHIPPING_CANCELLATIONS,
    /// Tells customers.
    NOTIFICATIONS,
    /// Counts.
    ANALYTICS;

    /// What a message is worth, given how its order is now.
    Verdict verdict(Contents contents, OrderNow now) {
        if (contents.orderId().isEmpty()) {
            return Verdict.UNREADABLE;
        }
        return switch (now) {
            case OrderNow.NoAnswer _ -> Verdict.UNCHECKED;
            case OrderNow.Unknown _ -> Verdict.ORDER_UNKNOWN;
            case OrderNow.Known known -> given(contents.type(), known);
        };
    }

    private Verdict given(String type, OrderNow.Known order) {
        return switch (this) {
            // A cancelled order still gets its workflow, which is what ends it.
            case FULFILMENT_REQUESTS, APPROVAL_REQUESTS ->
                    neededIf(
                            order.state().equals("PENDING")
                                    || order.state().equals("CANCEL_REQUESTED"));
            case ORDER_PROGRESS -> progress(type, order);
            case WORKFLOW_FAILURES -> neededIf(!order.needsAttention() && !order.isFinal());
            case SHIPPING_REQUESTS -> neededIf(!order.isFinal());
            case SHIPPING_CANCELLATIONS -> neededIf(order.state().equals("CANCEL_REQUESTED"));
            case INVENTORY_SETTLEMENTS ->
                    order.state().equals("REJECTED") || order.state().equals("CANCELLED")
                            ? Verdict.CONTRADICTS
                            : Verdict.NEEDED;
            // Their own books alone know whether they have it.
            case NOTIFICATIONS, ANALYTICS -> Verdict.NEEDED;
        };
    }

    private static Verdict progress(String type, OrderNow.Known order) {
        var leadsTo =
                switch (type) {
                    case "OrderShipped" -> "SHIPPED";
                    case "OrderRejected" -> "REJECTED";
                    case "OrderCancelled" -> "CANCELLED";
                    default -> "";
                };
        if (leadsTo.isEmpty()) {
            return neededIf(order.state().equals("PENDING"));
        }
        if (order.state().equals(leadsTo)) {
            return Verdict.ALREADY_DONE;
        }
        return order.isFinal() ? Verdict.CONTRADICTS : Verdict.NEEDED;
    }

    private static Verdict neededIf(boolean needed) {
        return needed ? Verdict.NEEDED : Verdict.ALREADY_DONE;
    }
}
