package dev.orderflow.contracts;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The carrier has the parcel and the money is captured.
///
/// @param lines what was shipped, at least one line
/// @param total what was captured
public record OrderShipped(
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

    public OrderShipped {
        MessageValidation.requireEvent(
                eventId,
                schemaVersion,
                occurredAt,
                orderId,
                orderVersion,
                customerRef,
                OrderShipped.class);
        MessageValidation.requirePresent("total", total);
        lines = MessageValidation.requireLines(lines);
    }
}
