package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.tracing.TracePropagation;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The trace and the order that the body of a message names; the body is an event in its envelope
/// or a command.
///
/// @param traceparent the W3C trace parent as sent, valid or not
/// @param orderId the order's id; null unless it has the form of a UUID, because it is logged
record MessageSource(@Nullable String traceparent, @Nullable String orderId) {

    private static final MessageSource UNKNOWN = new MessageSource(null, null);

    static MessageSource of(String body) {
        try {
            var message = JsonMapper.shared().readTree(body);
            var detail = message.path("detail").isObject() ? message.path("detail") : message;
            return new MessageSource(
                    detail.path(TracePropagation.TRACEPARENT).stringValue(null),
                    MessageOrderId.find(message.path("detail-type").stringValue(""), detail)
                            .map(UUID::toString)
                            .orElse(null));
        } catch (JacksonException _) {
            // The handler decides about a message that is not JSON.
            return UNKNOWN;
        }
    }
}
