package dev.orderflow.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The customer cancelled in time: what was authorised is voided and what was held is released.
///
/// @param reason why, for programs; never free text
/// @param total what would have been charged
public record OrderCancelled(
        String eventId,
        int schemaVersion,
        Instant occurredAt,
        UUID orderId,
        int orderVersion,
        String customerRef,
        OrderCancellationReason reason,
        Total total,
        @Nullable String traceparent)
        implements OrderEvent {

    public OrderCancelled {
        MessageValidation.requireEvent(
                eventId,
                schemaVersion,
                occurredAt,
                orderId,
                orderVersion,
                customerRef,
                OrderCancelled.class);
        MessageValidation.requirePresent("total", total);
        MessageValidation.requirePresent("reason", reason);
    }

    /// Why an order was cancelled.
    public enum OrderCancellationReason {
        /// The customer asked for it before the parcel was handed to the carrier.
        CUSTOMER_REQUEST
    }
}
