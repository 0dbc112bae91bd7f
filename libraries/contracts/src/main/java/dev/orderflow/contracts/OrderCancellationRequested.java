package dev.orderflow.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The customer requested the cancellation of an order. order-service decides with the dispatch
/// permit whether it is still possible; shipping-service uses the event to resume a waiting
/// workflow immediately.
public record OrderCancellationRequested(
        String eventId,
        int schemaVersion,
        Instant occurredAt,
        UUID orderId,
        int orderVersion,
        String customerRef,
        @Nullable String traceparent)
        implements OrderEvent {

    public OrderCancellationRequested {
        MessageValidation.requireEvent(
                eventId,
                schemaVersion,
                occurredAt,
                orderId,
                orderVersion,
                customerRef,
                OrderCancellationRequested.class);
    }
}
