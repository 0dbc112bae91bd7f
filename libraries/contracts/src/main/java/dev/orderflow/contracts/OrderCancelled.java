package dev.orderflow.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The order was cancelled in time: the authorisation is voided and the reserved stock is released.
///
/// @param reason why, for programs; never free text
/// @param total the total that was not charged
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
        /// The customer requested it before the parcel was handed to the carrier.
        CUSTOMER_REQUEST
    }
}
