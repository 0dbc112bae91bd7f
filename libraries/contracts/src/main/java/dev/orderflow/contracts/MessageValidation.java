package dev.orderflow.contracts;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.TaskToken;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Rules of all messages, checked when a message is created and when it is parsed.
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
        if (orderVersion < 1) {
            throw new IllegalArgumentException(
                    "orderVersion must be at least 1 but was " + orderVersion);
        }
        var unused = new CustomerRef(customerRef);
    }

    /// Parsed JSON may lack a field although the component is not nullable.
    static void requirePresent(String field, @Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
    }

    static void requireTaskToken(String taskToken) {
        requirePresent("taskToken", taskToken);
        var unused = new TaskToken(taskToken);
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
