package dev.orderflow.localcloud.eventbridge;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON that preserves the digits of numbers: `49.90` stays `49.90`.
final class EventBridgeJson {

    static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private EventBridgeJson() {}

    /// Parses an object; null if the text is anything else.
    static @Nullable ObjectNode object(String text) {
        return value(text) instanceof ObjectNode object ? object : null;
    }

    /// Parses a value; null if the text is not JSON.
    static @Nullable JsonNode value(String text) {
        try {
            var tree = MAPPER.readTree(text);
            return tree.isMissingNode() ? null : tree;
        } catch (JacksonException | NumberFormatException _) {
            // Jackson does not convert the latter, which is about an exponent such as 1e9999999999.
            return null;
        }
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /// Epoch seconds, the timestamp format of AWS's JSON protocols.
    static double epochSeconds(Instant moment) {
        return moment.toEpochMilli() / 1000.0;
    }
}
