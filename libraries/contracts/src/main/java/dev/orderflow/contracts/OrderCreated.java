package dev.orderflow.contracts;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An order was accepted and is durably stored. Nothing else has happened yet.
///
/// @param lines what was ordered, at least one line
/// @param total what the server priced it at
public record OrderCreated(
        String eventId,
        int schemaVersion,
        Instant occurredAt,
        UUID orderId,
        int orderVersion,
        String customerRef,
        List<EventLine> lines,
        Total total,
        @Nullable String traceparent)
        implements OrderEvent {

    public OrderCreated {
        MessageValidation.requireEvent(
                eventId,
                schemaVersion,
                occurredAt,
                orderId,
                orderVersion,
                customerRef,
                OrderCreated.class);
        MessageValidation.requirePresent("total", total);
        lines = MessageValidation.requireLines(lines);
    }
}
