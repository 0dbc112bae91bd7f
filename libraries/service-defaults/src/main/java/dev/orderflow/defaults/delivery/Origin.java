package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.text.UuidText;
import dev.orderflow.defaults.tracing.Traces;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Where a message comes from, as far as its body tells: an event in its envelope, or a command.
///
/// @param traceparent of the request behind it, sound or not
/// @param orderId what the message calls its order; nothing that is not shaped like an id, as it
///     goes into logs
record Origin(@Nullable String traceparent, @Nullable String orderId) {

    private static final Origin UNKNOWN = new Origin(null, null);

    static Origin of(String body) {
        try {
            var message = JsonMapper.shared().readTree(body);
            var told = message.path("detail").isObject() ? message.path("detail") : message;
            var orderId = text(told, "orderId");
            return new Origin(
                    text(told, Traces.TRACEPARENT),
                    orderId != null && orderId.matches(UuidText.FORM) ? orderId : null);
        } catch (JacksonException unreadable) {
            // Its handler says what becomes of it.
            return UNKNOWN;
        }
    }

    private static @Nullable String text(JsonNode node, String field) {
        var value = node.path(field);
        return value.isString() ? value.stringValue() : null;
    }
}
