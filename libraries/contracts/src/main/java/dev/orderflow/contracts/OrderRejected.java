package dev.orderflow.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The order ends here: nothing is charged and nothing is held.
///
/// @param reason why, for programs; never free text
/// @param total what would have been charged
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
        /// A line asked for more than there is.
        OUT_OF_STOCK,
        /// The gateway refused the payment method.
        PAYMENT_DECLINED,
        /// The payment cannot be made as asked: the gateway does not take its amount or currency,
        /// or it was asked for with contradictory data.
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
        /// Payment gave no answer for as long as the workflow waits; what it may have charged is
        /// voided.
        PAYMENT_UNAVAILABLE
    }
}
