package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.text.UuidFormat;
import dev.orderflow.defaults.tracing.TracePropagation;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Where a message comes from, as far as its body tells: an event in its envelope, or a command.
///
/// @param traceparent of the request behind it, sound or not
/// @param orderId what the message calls its order; nothing that is not shaped like an id, as it
///     goes into logs
record MessageSource(@Nullable String traceparent, @Nullable String orderId) {

    private static final MessageSource UNKNOWN = new MessageSource(null, null);

    static MessageSource of(String body) {
        try {
            var message = JsonMapper.shared().readTree(body);
            var told = message.path("detail").isObject() ? message.path("detail") : message;
            var orderId = text(told, "orderId");
            return new MessageSource(
                    text(told, TracePropagation.TRACEPARENT),
                    orderId != null && orderId.matches(UuidFormat.REGEX) ? orderId : null);
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
