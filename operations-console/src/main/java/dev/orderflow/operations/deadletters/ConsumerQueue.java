package dev.orderflow.operations.deadletters;

import dev.orderflow.contracts.value.OrderStateCode;
import dev.orderflow.operations.orders.OrderSnapshot;
import java.util.Optional;

/// The queue of a consumer, which decides how the current state of its order makes a message needed
/// or superfluous.
enum ConsumerQueue {
    /// order-service starts the workflow of an accepted order.
    FULFILMENT_REQUESTS,
    /// order-service updates the state of the order.
    ORDER_PROGRESS,
    /// order-service requests the approval of an order.
    APPROVAL_REQUESTS,
    /// order-service opens a work item for an order whose workflow failed.
    WORKFLOW_FAILURES,
    /// inventory-service deducts the stock of a shipped order.
    STOCK_DEDUCTIONS,
    /// shipping-service books a parcel with the carrier.
    SHIPPING_REQUESTS,
    /// shipping-service ends a waiting shipment whose order was cancelled.
    SHIPPING_CANCELLATIONS,
    /// notification-service sends an e-mail to the customer.
    NOTIFICATIONS,
    /// analytics-service updates its figures.
    ANALYTICS;

    /// Assesses whether a message is still needed, given the current state of its order.
    RedriveAssessment assess(RedactedContents contents, OrderSnapshot order) {
        if (contents.orderId().isEmpty()) {
            return RedriveAssessment.UNREADABLE;
        }
        return switch (order) {
            case OrderSnapshot.OrderServiceUnavailable _ -> RedriveAssessment.UNCHECKED;
            case OrderSnapshot.NoSuchOrder _ -> RedriveAssessment.ORDER_UNKNOWN;
            case OrderSnapshot.KnownOrder known -> assessOrder(contents.type(), known);
        };
    }

    private RedriveAssessment assessOrder(String type, OrderSnapshot.KnownOrder order) {
        return switch (this) {
            // A cancelled order needs its workflow, too: the workflow ends it.
            case FULFILMENT_REQUESTS, APPROVAL_REQUESTS ->
                    neededIf(
                            order.state().equals("PENDING")
                                    || order.state().equals("CANCEL_REQUESTED"));
            case ORDER_PROGRESS -> assessProgress(type, order);
            case WORKFLOW_FAILURES -> neededIf(!order.needsAttention() && !order.isFinal());
            case SHIPPING_REQUESTS -> neededIf(!order.isFinal());
            case SHIPPING_CANCELLATIONS -> neededIf(order.state().equals("CANCEL_REQUESTED"));
            case STOCK_DEDUCTIONS ->
                    OrderStateCode.of(order.state())
                                    .filter(OrderStateCode::isUnshippedFinal)
                                    .isPresent()
                            ? RedriveAssessment.CONTRADICTS
                            : RedriveAssessment.NEEDED;
            // Only the consumer can tell whether it has processed the message.
            case NOTIFICATIONS, ANALYTICS -> RedriveAssessment.NEEDED;
        };
    }

    private static RedriveAssessment assessProgress(String type, OrderSnapshot.KnownOrder order) {
        Optional<OrderStateCode> target =
                switch (type) {
                    case "OrderShipped" -> Optional.of(OrderStateCode.SHIPPED);
                    case "OrderRejected" -> Optional.of(OrderStateCode.REJECTED);
                    case "OrderCancelled" -> Optional.of(OrderStateCode.CANCELLED);
                    default -> Optional.empty();
                };
        if (target.isEmpty()) {
            return neededIf(order.state().equals("PENDING"));
        }
        var reached = OrderStateCode.of(order.state()).filter(OrderStateCode::isFinal);
        if (reached.equals(target)) {
            return RedriveAssessment.ALREADY_DONE;
        }
        return reached.isPresent() ? RedriveAssessment.CONTRADICTS : RedriveAssessment.NEEDED;
    }

    private static RedriveAssessment neededIf(boolean needed) {
        return needed ? RedriveAssessment.NEEDED : RedriveAssessment.ALREADY_DONE;
    }
}
