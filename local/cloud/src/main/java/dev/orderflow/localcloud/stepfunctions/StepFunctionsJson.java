package dev.orderflow.localcloud.stepfunctions;

import com.dashjoin.jsonata.Jsonata;
import dev.orderflow.localcloud.wire.JsonErrorText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Converts JSON between text, trees, and the plain maps and lists of the expression engines.
final class StepFunctionsJson {

    static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private StepFunctionsJson() {}

    /// @throws tools.jackson.core.JacksonException if the text is not exactly one JSON value
    static JsonNode parse(String text) {
        JsonNode node = MAPPER.readTree(text);
        if (node.isMissingNode()) {
            throw new IllegalArgumentException("No content to map due to end-of-input");
        }
        return node;
    }

    /// A string unchanged, any other value as JSON.
    static String stringOrJson(JsonNode node) {
        return node.isString() ? node.stringValue() : text(node);
    }

    static String text(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /// The reason why a text is not JSON, in AWS's words.
    static String reason(RuntimeException e) {
        if (!(e instanceof JacksonException jackson)) {
            return String.valueOf(e.getMessage());
        }
        var at = jackson.getLocation();
        return JsonErrorText.of(jackson)
                + (at == null
                        ? ""
                        : " at [Source: (String); line: %d, column: %d]"
                                .formatted(at.getLineNr(), at.getColumnNr()));
    }

    /// A timestamp as the JSON protocols represent it.
    static BigDecimal seconds(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli(), 3);
    }

    static ObjectNode object() {
        return NODES.objectNode();
    }

    /// Converts a value to maps, lists, strings, numbers and booleans.
    ///
    /// @param jsonNull represents JSON null, which JSONata distinguishes from undefined
    static @Nullable Object plain(JsonNode node, @Nullable Object jsonNull) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                var map = new LinkedHashMap<String, @Nullable Object>();
                node.properties().forEach(e -> map.put(e.getKey(), plain(e.getValue(), jsonNull)));
                yield map;
            }
            case ARRAY -> {
                var list = new ArrayList<@Nullable Object>(node.size());
                node.forEach(e -> list.add(plain(e, jsonNull)));
                yield list;
            }
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> number(node);
            case NULL, MISSING, BINARY, POJO -> jsonNull;
        };
    }

    private static Number number(JsonNode node) {
        if (node.isInt()) {
            return node.intValue();
        }
        if (node.isIntegralNumber()) {
            return node.canConvertToLong() ? node.longValue() : node.doubleValue();
        }
        return node.doubleValue();
    }

    /// Converts a plain value to a tree.
    ///
    /// @throws InvalidJsonException for a value that JSON cannot represent, such as a function
    static JsonNode tree(@Nullable Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case JsonNode node -> node;
            case Map<?, ?> map -> {
                ObjectNode object = NODES.objectNode();
                map.forEach((k, v) -> object.set(String.valueOf(k), tree(v)));
                yield object;
            }
            case List<?> list -> {
                var array = NODES.arrayNode(list.size());
                list.forEach(e -> array.add(tree(e)));
                yield array;
            }
            case String text -> NODES.stringNode(text);
            case Boolean flag -> NODES.booleanNode(flag);
            case Integer n -> NODES.numberNode(n);
            case Long n -> NODES.numberNode(n);
            case BigInteger n -> NODES.numberNode(n);
            case BigDecimal n -> NODES.numberNode(n);
            case Number n -> {
                double d = n.doubleValue();
                yield d == Math.rint(d) && Math.abs(d) < 9.007199254740992E15
                        ? NODES.numberNode((long) d)
                        : NODES.numberNode(d);
            }
            default -> {
                if (value == Jsonata.NULL_VALUE) {
                    yield NODES.nullNode();
                }
                throw new InvalidJsonException();
            }
        };
    }

    /// A computed value cannot be represented as JSON.
    static final class InvalidJsonException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InvalidJsonException() {
            super("the value cannot be represented as JSON", null, false, false);
        }
    }
}
