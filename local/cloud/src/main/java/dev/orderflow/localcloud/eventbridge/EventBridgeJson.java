package dev.orderflow.localcloud.eventbridge;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON that keeps every digit: an amount that went in as `49.90` comes out as `49.90`.
final class EventBridgeJson {

    static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private EventBridgeJson() {}

    /// The object in this text, or null when it is anything else.
    static @Nullable ObjectNode object(String text) {
        return value(text) instanceof ObjectNode object ? object : null;
    }

    /// The value in this text, or null when it is not JSON.
    static @Nullable JsonNode value(String text) {
        try {
            var tree = MAPPER.readTree(text);
            return tree.isMissingNode() ? null : tree;
        } catch (JacksonException _) {
            return null;
        }
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /// Seconds since the epoch, which is how AWS's JSON protocols carry a time.
    static double epochSeconds(Instant moment) {
        return moment.toEpochMilli() / 1000.0;
    }
}
