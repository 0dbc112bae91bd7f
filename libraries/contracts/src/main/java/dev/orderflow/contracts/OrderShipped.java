package dev.orderflow.contracts;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The carrier accepted the parcel and the payment is captured.
///
/// @param lines the shipped articles, at least one line
/// @param total the captured total
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
