package dev.orderflow.contracts;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An order was accepted and stored. Its workflow has not started yet.
///
/// @param lines the ordered articles, at least one line
/// @param total the total at the prices of the catalogue
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
