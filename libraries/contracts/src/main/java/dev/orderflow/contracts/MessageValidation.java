package dev.orderflow.contracts;

import dev.orderflow.contracts.value.CustomerRef;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What holds for every message, checked where it is made and where it is read.
final class MessageValidation {

    private MessageValidation() {}

    static void requireEvent(
            String eventId,
            int schemaVersion,
            Instant occurredAt,
            UUID orderId,
            int orderVersion,
            String customerRef,
            Class<? extends OrderEvent> type) {
        requirePresent("eventId", eventId);
        requirePresent("occurredAt", occurredAt);
        requirePresent("orderId", orderId);
        requirePresent("customerRef", customerRef);
        requireSupportedVersion(schemaVersion);
        if (!eventId.equals(OrderEvent.idOf(orderId, type))) {
            throw new IllegalArgumentException("eventId must be " + OrderEvent.idOf(orderId, type));
        }
        if (orderVersion < 1 || orderVersion > 3) {
            throw new IllegalArgumentException(
                    "orderVersion must be 1 to 3 but was " + orderVersion);
        }
        var unused = new CustomerRef(customerRef);
    }

    /// What is read from JSON may lack a field, whatever the types here say.
    static void requirePresent(String field, @Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
    }

    static void requireSupportedVersion(int schemaVersion) {
        if (schemaVersion != 1) {
            throw new IllegalArgumentException("schemaVersion must be 1 but was " + schemaVersion);
        }
    }

    static List<EventLine> requireLines(List<EventLine> lines) {
        requirePresent("lines", lines);
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("lines must not be empty");
        }
        return List.copyOf(lines);
    }
}
