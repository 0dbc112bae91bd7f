package dev.orderflow.defaults.history;

/// The marks that order the entries of several services. Each is about one order.
public final class OrderHistoryMarks {

    /// The request for the shipment was sent to shipping-service.
    public static final String SHIPMENT_REQUESTED = "shipment-requested";

    /// shipping-service has answered the workflow.
    public static final String SHIPMENT_ANSWERED = "shipment-answered";

    /// The request for the approval was sent to order-service.
    public static final String APPROVAL_REQUESTED = "approval-requested";

    /// The workflow has the decision about the approval.
    public static final String APPROVAL_ANSWERED = "approval-answered";

    private OrderHistoryMarks() {}

    /// An event of this type was published.
    public static String published(String eventType) {
        return "published:" + eventType;
    }

    /// A request with this idempotency key was sent.
    public static String requested(String idempotencyKey) {
        return "requested:" + idempotencyKey;
    }

    /// A request with this idempotency key had its effect.
    public static String answered(String idempotencyKey) {
        return "answered:" + idempotencyKey;
    }
}
