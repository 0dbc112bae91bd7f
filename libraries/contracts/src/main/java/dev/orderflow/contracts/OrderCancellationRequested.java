package dev.orderflow.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The customer wants to cancel. Whether it is still possible is decided where the dispatch permit
/// is
/// given; shipping uses this to answer a waiting workflow at once.
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
