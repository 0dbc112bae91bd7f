package dev.orderflow.order.domain;

/// Why an order was rejected.
public enum RejectionReason {
    /// A line asked for more than there is.
    OUT_OF_STOCK,
    /// The gateway refused the payment method.
    PAYMENT_DECLINED,
    /// The payment cannot be made as asked: the gateway does not take its amount or currency, or it
    /// was asked for with contradictory data.
    PAYMENT_INVALID,
    /// The payment was authorised, and its hold ended before the parcel could be dispatched.
    PAYMENT_EXPIRED,
    /// A person refused an order above the approval limit.
    APPROVAL_REFUSED,
    /// Nobody decided on an order above the approval limit in time.
    APPROVAL_TIMED_OUT,
    /// The carrier will not take the parcel.
    SHIPMENT_REFUSED,
    /// Inventory gave no answer for as long as the workflow waits.
    INVENTORY_UNAVAILABLE,
    /// Payment gave no answer for as long as the workflow waits.
    PAYMENT_UNAVAILABLE;

    /// Whether an order that was confirmed can still end this way. The other reasons end an order
    /// on the way to its confirmation, so together with a confirmation they contradict each other.
    public boolean mayFollowConfirmation() {
        return this == SHIPMENT_REFUSED || this == PAYMENT_EXPIRED;
    }
}
