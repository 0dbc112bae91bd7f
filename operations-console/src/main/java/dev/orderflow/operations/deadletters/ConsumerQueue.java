package dev.orderflow.operations.deadletters;

import dev.orderflow.operations.orders.FinalOrderState;
import dev.orderflow.operations.orders.OrderSnapshot;
import java.util.Optional;

/// Whose queue it is, which decides whether a message is still needed.
enum ConsumerQueue {
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
    RedriveAssessment assess(RedactedContents contents, OrderSnapshot now) {
        if (contents.orderId().isEmpty()) {
            return RedriveAssessment.UNREADABLE;
        }
        return switch (now) {
            case OrderSnapshot.OrderServiceUnavailable _ -> RedriveAssessment.UNCHECKED;
            case OrderSnapshot.NoSuchOrder _ -> RedriveAssessment.ORDER_UNKNOWN;
            case OrderSnapshot.KnownOrder known -> given(contents.type(), known);
        };
    }

    private RedriveAssessment given(String type, OrderSnapshot.KnownOrder order) {
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
                    FinalOrderState.of(order.state())
                                    .filter(FinalOrderState::isUnshipped)
                                    .isPresent()
                            ? RedriveAssessment.CONTRADICTS
                            : RedriveAssessment.NEEDED;
            // Their own books alone know whether they have it.
            case NOTIFICATIONS, ANALYTICS -> RedriveAssessment.NEEDED;
        };
    }

    private static RedriveAssessment progress(String type, OrderSnapshot.KnownOrder order) {
        Optional<FinalOrderState> leadsTo =
                switch (type) {
                    case "OrderShipped" -> Optional.of(FinalOrderState.SHIPPED);
                    case "OrderRejected" -> Optional.of(FinalOrderState.REJECTED);
                    case "OrderCancelled" -> Optional.of(FinalOrderState.CANCELLED);
                    default -> Optional.empty();
                };
        if (leadsTo.isEmpty()) {
            return neededIf(order.state().equals("PENDING"));
        }
        var reached = FinalOrderState.of(order.state());
        if (reached.equals(leadsTo)) {
            return RedriveAssessment.ALREADY_DONE;
        }
        return reached.isPresent() ? RedriveAssessment.CONTRADICTS : RedriveAssessment.NEEDED;
    }

    private static RedriveAssessment neededIf(boolean needed) {
        return needed ? RedriveAssessment.NEEDED : RedriveAssessment.ALREADY_DONE;
    }
}
