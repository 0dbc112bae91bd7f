package dev.orderflow.defaults.idempotency;

import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The canonical text of a JSON document, based on the JSON Canonicalization Scheme
/// ([RFC 8785](https://www.rfc-editor.org/rfc/rfc8785)).
///
/// Documents have the same canonical text if they differ only in the order of members, white space,
/// escapes, the notation of numbers (`1`, `1.0`, `10e-1`), or members that are null or missing,
/// which mean the same in the APIs of this project. Strings are compared by their characters, so
/// `"12.5"` and `"12.50"` differ, and so do lists in another order.
///
/// Unlike RFC 8785, numbers keep all their digits instead of the precision of a double, and all
/// characters except printable ASCII are escaped, so that unpaired surrogates are preserved.
final class CanonicalJson {

    private static final HexFormat HEX = HexFormat.of();

    private CanonicalJson() {}

    /// @throws JacksonException when it is not JSON, contains a duplicate member or exceeds a limit
    static String of(byte[] json, JsonMapper mapper) {
        var text = new StringBuilder();
        write(read(json, mapper), text);
        return text.toString();
    }

    private static JsonNode read(byte[] json, JsonMapper mapper) {
        try {
            return mapper.readerFor(JsonNode.class)
                    .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .readValue(json);
        } catch (NumberFormatException _) {
            // Jackson does not convert this exception. Its message quotes the number.
            throw new StreamConstraintsException("the exponent of a number is too large");
        }
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

    /// Sorted by name, in the order of UTF-16 code units.
    private static SortedMap<String, JsonNode> members(JsonNode object) {
        var members = new TreeMap<String, JsonNode>();
        object.properties().stream()
                .filter(member -> !member.getValue().isNull())
                .forEach(member -> members.put(member.getKey(), member.getValue()));
        return members;
    }

    /// Digits and a power of ten, which are unique for every value.
    private static void write(BigDecimal number, StringBuilder text) {
        // Only the digits lose their trailing zeros: the scale of the whole number, such as
        // `10e2147483647`, could overflow.
        var digits = new BigDecimal(number.unscaledValue()).stripTrailingZeros();
        long exponent = number.signum() == 0 ? 0 : -(long) number.scale() - digits.scale();
        text.append(digits.unscaledValue()).append('e').append(exponent);
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
