package dev.orderflow.order.domain;

/// Why an order was rejected.
public enum RejectionReason {
    /// The stock of an article was lower than the ordered quantity.
    OUT_OF_STOCK,
    /// The payment gateway declined the payment method.
    PAYMENT_DECLINED,
    /// The payment request is invalid: the gateway does not accept its amount or currency, or an
    /// earlier request for the same order had other data.
    PAYMENT_INVALID,
    /// The payment was authorised, and the authorisation expired before the parcel was dispatched.
    PAYMENT_EXPIRED,
    /// An operator rejected an order above the approval limit.
    APPROVAL_REJECTED,
    /// No operator decided on an order above the approval limit in time.
    APPROVAL_TIMED_OUT,
    /// The carrier refused the parcel.
    SHIPMENT_REJECTED,
    /// inventory-service did not answer before the workflow's retries ended.
    INVENTORY_UNAVAILABLE,
    /// payment-service did not answer before the workflow's retries ended.
    PAYMENT_UNAVAILABLE;

    /// Whether a confirmed order can still be rejected for this reason. All other reasons reject an
    /// order before its confirmation and contradict one.
    public boolean mayFollowConfirmation() {
        return this == SHIPMENT_REJECTED || this == PAYMENT_EXPIRED;
    }
}
