package dev.orderflow.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The order was rejected: nothing is charged and no stock is reserved.
///
/// @param reason why, for programs; never free text
/// @param total the total that was not charged
public record OrderRejected(
        String eventId,
        int schemaVersion,
        Instant occurredAt,
        UUID orderId,
        int orderVersion,
        String customerRef,
        OrderRejectionReason reason,
        Total total,
        @Nullable String traceparent)
        implements OrderEvent {

    public OrderRejected {
        MessageValidation.requireEvent(
                eventId,
                schemaVersion,
                occurredAt,
                orderId,
                orderVersion,
                customerRef,
                OrderRejected.class);
        MessageValidation.requirePresent("total", total);
        MessageValidation.requirePresent("reason", reason);
    }

    /// Why an order was rejected.
    public enum OrderRejectionReason {
        /// A line exceeded the available stock.
        OUT_OF_STOCK,
        /// The payment gateway declined the payment method.
        PAYMENT_DECLINED,
        /// The payment request is invalid: the gateway does not support its amount or currency, or
        /// requests for the payment contradict each other.
        PAYMENT_INVALID,
        /// The authorisation of the payment expired before the parcel could be dispatched.
        PAYMENT_EXPIRED,
        /// An operator refused the approval of an order above the limit.
        APPROVAL_REJECTED,
        /// No operator decided on an order above the approval limit in time.
        APPROVAL_TIMED_OUT,
        /// The carrier rejected the parcel.
        SHIPMENT_REJECTED,
        /// inventory-service did not respond within the time-out of the workflow.
        INVENTORY_UNAVAILABLE,
        /// payment-service did not respond within the time-out of the workflow; a possible
        /// authorisation is voided.
        PAYMENT_UNAVAILABLE
    }
}
