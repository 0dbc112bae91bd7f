package dev.orderflow.defaults.idempotency;

import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One text for all JSON that means the same, after the JSON Canonicalization Scheme
/// ([RFC 8785](https://www.rfc-editor.org/rfc/rfc8785)).
///
/// The same are: members in another order, other white space, other escapes of a character, numbers
/// of the same value (`1`, `1.0`, `10e-1`), and a member that is null or not there, because to our
/// APIs both say nothing. Texts are compared by their characters, so `"12.5"` and `"12.50"` differ,
/// and so do lists in another order.
///
/// Other than RFC 8785, numbers keep all their digits instead of those of a double, and everything
/// but printable ASCII is escaped, so that half a surrogate pair has a text of its own.
final class CanonicalJson {

    private static final HexFormat HEX = HexFormat.of();

    private CanonicalJson() {}

    /// @throws JacksonException when it is no JSON, or names a member twice
    static String of(byte[] json, JsonMapper mapper) {
        JsonNode root =
                mapper.readerFor(JsonNode.class)
                        .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                        .readValue(json);
        var text = new StringBuilder();
        write(root, text);
        return text.toString();
    }

    private static void write(JsonNode node, StringBuilder text) {
        if (node.isObject()) {
            writeMembers(node, text);
        } else if (node.isArray()) {
            var separator = "[";
            for (var element : node) {
                write(element, text.append(separator));
                separator = ",";
            }
            text.append(node.isEmpty() ? "[]" : "]");
        } else if (node.isNumber()) {
            write(node.decimalValue(), text);
        } else if (node.isString()) {
            write(node.stringValue(), text);
        } else {
            text.append(node.isBoolean() ? String.valueOf(node.booleanValue()) : "null");
        }
    }

    private static void writeMembers(JsonNode object, StringBuilder text) {
        text.append('{');
        var separator = "";
        for (var member : members(object).entrySet()) {
            write(member.getKey(), text.append(separator));
            write(member.getValue(), text.append(':'));
            separator = ",";
        }
        text.append('}');
    }

    /// By name, in the order of UTF-16 code units.
    private static SortedMap<String, JsonNode> members(JsonNode object) {
        var members = new TreeMap<String, JsonNode>();
        object.properties().stream()
                .filter(member -> !member.getValue().isNull())
                .forEach(member -> members.put(member.getKey(), member.getValue()));
        return members;
    }

    /// Digits and a power of ten: every value has one such form.
    private static void write(BigDecimal number, StringBuilder text) {
        var shortest = number.stripTrailingZeros();
        text.append(shortest.unscaledValue()).append('e').append(-(long) shortest.scale());
    }

    private static void write(String characters, StringBuilder text) {
        text.append('"');
        for (int at = 0; at < characters.length(); at++) {
            char character = characters.charAt(at);
            if (character < ' ' || character > '~' || character == '"' || character == '\\') {
                text.append("\\u").append(HEX.toHexDigits(character));
            } else {
                text.append(character);
            }
        }
        text.append('"');
    }
}
