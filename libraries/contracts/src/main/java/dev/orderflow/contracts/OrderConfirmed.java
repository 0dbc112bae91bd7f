package dev.orderflow.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The stock is reserved and the payment is authorised; the order will be shipped.
///
/// @param total the authorised total
public record OrderConfirmed(
        String eventId,
        int schemaVersion,
        Instant occurredAt,
        UUID orderId,
        int orderVersion,
        String customerRef,
        Total total,
        @Nullable String traceparent)
        implements OrderEvent {

    public OrderConfirmed {
        MessageValidation.requireEvent(
                eventId,
                schemaVersion,
                occurredAt,
                orderId,
                orderVersion,
                customerRef,
                OrderConfirmed.class);
        MessageValidation.requirePresent("total", total);
    }
}
