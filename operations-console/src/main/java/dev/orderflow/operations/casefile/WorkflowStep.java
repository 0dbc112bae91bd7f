package dev.orderflow.operations.casefile;

import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.OrderHistoryMarks;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The steps of the workflow, as its definition in `topology` names them: what each asks whom, and
/// the marks by which its entries are ordered with those of the part that it asks. A test compares
/// them with the definition.
enum WorkflowStep {
    RESERVE_INVENTORY(
            "ReserveInventory", "The workflow asked inventory-service to reserve", "reservation"),
    AUTHORIZE_PAYMENT(
            "AuthorizePayment", "The workflow asked payment-service to authorise", "authorization"),
    CAPTURE_PAYMENT("CapturePayment", "The workflow asked payment-service to capture", "capture"),
    VOID_PAYMENT(
            "VoidPayment",
            "Compensation: the workflow asked payment-service to void the payment",
            "void"),
    RELEASE_INVENTORY(
            "ReleaseInventory",
            "Compensation: the workflow asked inventory-service to release the stock",
            "release"),
    AWAIT_APPROVAL("AwaitApproval", "The workflow requested the approval of an operator", ""),
    CONFIRM_ORDER("ConfirmOrder", "The workflow published OrderConfirmed", ""),
    ARRANGE_SHIPMENT("ArrangeShipment", "The workflow asked shipping-service to ship", ""),
    COMPLETE_ORDER("CompleteOrder", "The workflow published OrderShipped", ""),
    PUBLISH_OUTCOME("PublishOutcome", "The workflow published how the order ended", ""),
    /// A step of another version of the definition.
    OTHER("", "The workflow started a step", "");

    /// Errors by which a part refuses, in contrast to a part that fails.
    private static final Set<String> REFUSALS =
            Set.of(
                    "States.Http.StatusCode.402",
                    "States.Http.StatusCode.409",
                    "States.Http.StatusCode.422",
                    "OrderCancelled",
                    "ApprovalRejected",
                    "ShipmentRejected",
                    "PaymentAuthorizationExpired");

    private final String state;
    private final String request;
    private final String keySuffix;

    WorkflowStep(String state, String request, String keySuffix) {
        this.state = state;
        this.request = request;
        this.keySuffix = keySuffix;
    }

    static WorkflowStep of(String state) {
        return Stream.of(values())
                .filter(step -> step.state.equals(state))
                .findFirst()
                .orElse(OTHER);
    }

    /// The names of all known states.
    static List<String> states() {
        return Stream.of(values())
                .map(step -> step.state)
                .filter(state -> !state.isEmpty())
                .toList();
    }

    /// The idempotency key of its request; empty when it sends none.
    ///
    /// @param orderId the order, or the expression of the definition that stands for it
    String idempotencyKey(Object orderId) {
        return keySuffix.isEmpty() ? "" : orderId + ":" + keySuffix;
    }

    static boolean isRefusal(String state, @Nullable String error) {
        // A conflict is a refusal of stock, and of a payment only that another request is running.
        return error != null
                && REFUSALS.contains(error)
                && (!error.endsWith(".409") || state.equals(RESERVE_INVENTORY.state));
    }

    /// What it does, without a full stop.
    String describe(String name) {
        return "%s (%s)".formatted(request, name);
    }

    OrderHistoryEntry markRequest(OrderHistoryEntry entry, UUID orderId) {
        return switch (this) {
            case RESERVE_INVENTORY,
                    AUTHORIZE_PAYMENT,
                    CAPTURE_PAYMENT,
                    VOID_PAYMENT,
                    RELEASE_INVENTORY ->
                    entry.withId("idempotencyKey", idempotencyKey(orderId))
                            .marking(OrderHistoryMarks.requested(idempotencyKey(orderId)));
            case AWAIT_APPROVAL -> entry.marking(OrderHistoryMarks.APPROVAL_REQUESTED);
            case CONFIRM_ORDER -> publish(entry, orderId, "OrderConfirmed");
            case ARRANGE_SHIPMENT -> entry.marking(OrderHistoryMarks.SHIPMENT_REQUESTED);
            case COMPLETE_ORDER -> publish(entry, orderId, "OrderShipped");
            case PUBLISH_OUTCOME ->
                    entry.marking(OrderHistoryMarks.published("OrderRejected"))
                            .marking(OrderHistoryMarks.published("OrderCancelled"));
            case OTHER -> entry;
        };
    }

    private static OrderHistoryEntry publish(OrderHistoryEntry entry, UUID orderId, String event) {
        return entry.withId("eventId", orderId + "/" + event)
                .marking(OrderHistoryMarks.published(event));
    }

    OrderHistoryEntry afterAnswer(OrderHistoryEntry entry, UUID orderId) {
        return switch (this) {
            case RESERVE_INVENTORY,
                    AUTHORIZE_PAYMENT,
                    CAPTURE_PAYMENT,
                    VOID_PAYMENT,
                    RELEASE_INVENTORY ->
                    entry.after(OrderHistoryMarks.answered(idempotencyKey(orderId)));
            case AWAIT_APPROVAL -> entry.after(OrderHistoryMarks.APPROVAL_ANSWERED);
            case ARRANGE_SHIPMENT -> entry.after(OrderHistoryMarks.SHIPMENT_ANSWERED);
            case CONFIRM_ORDER, COMPLETE_ORDER, PUBLISH_OUTCOME, OTHER -> entry;
        };
    }
}
