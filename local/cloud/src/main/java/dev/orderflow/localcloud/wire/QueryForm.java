package dev.orderflow.localcloud.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Converts the flat parameters of the [AWS Query
/// protocol](https://smithy.io/2.0/aws/protocols/aws-query-protocol.html) to JSON.
///
/// `Tags.member.1.Key=a` becomes `{"Tags":[{"Key":"a"}]}`, `Attributes.entry.1.key=a` with
/// `Attributes.entry.1.value=b` becomes `{"Attributes":{"a":"b"}}`.
final class QueryForm {

    private static final int DEEPEST = 12;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private QueryForm() {}

    /// @throws AwsErrorException `MalformedQueryString` if the parameters contradict each other
    static ObjectNode fold(String form) {
        var root = new LinkedHashMap<String, Object>();
        for (var pair : form.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            var name = decode(equals < 0 ? pair : pair.substring(0, equals));
            put(root, name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
        root.remove("Version");
        var folded = NODES.objectNode();
        root.forEach((name, value) -> folded.set(name, node(value)));
        return folded;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw malformed("a parameter is not URL-encoded");
        }
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> root, String name, String value) {
        var steps = name.split("\\.");
        if (steps.length == 0 || steps.length > DEEPEST) {
            throw malformed("a parameter is nested too deeply");
        }
        var at = root;
        for (int i = 0; i < steps.length - 1; i++) {
            var next = at.computeIfAbsent(steps[i], _ -> new LinkedHashMap<String, Object>());
            if (!(next instanceof Map<?, ?> map)) {
                throw malformed("a parameter is a value and a structure at once");
            }
            at = (Map<String, Object>) map;
        }
        if (at.put(steps[steps.length - 1], value) != null) {
            throw malformed("a parameter is given twice");
        }
    }

    private static JsonNode node(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return NODES.stringNode((String) value);
        }
        if (map.size() == 1) {
            var only = map.keySet().iterator().next();
            if (map.get(only) instanceof Map<?, ?> numbered && isNumbered(numbered)) {
                if ("member".equals(only)) {
                    return list(numbered);
                }
                if ("entry".equals(only)) {
                    return entries(numbered);
                }
            }
        }
        if (isNumbered(map)) {
            return list(map);
        }
        var object = NODES.objectNode();
        map.forEach((key, member) -> object.set((String) key, node(member)));
        return object;
    }

    private static boolean isNumbered(Map<?, ?> map) {
        return !map.isEmpty()
                && map.keySet().stream().allMatch(key -> ((String) key).matches("[0-9]{1,6}"));
    }

    private static ArrayNode list(Map<?, ?> numbered) {
        var sorted = new TreeMap<Integer, Object>();
        numbered.forEach((key, value) -> sorted.put(Integer.valueOf((String) key), value));
        var array = NODES.arrayNode();
        sorted.values().forEach(value -> array.add(node(value)));
        return array;
    }

    private static JsonNode entries(Map<?, ?> numbered) {
        var object = NODES.objectNode();
        for (var entry : list(numbered)) {
            var key = entry.has("key") ? entry.get("key") : entry.path("Name");
            var value = entry.has("value") ? entry.get("value") : entry.path("Value");
            if (!key.isString()) {
                throw malformed("an entry of a map has no key");
            }
            object.set(key.stringValue(), value.isMissingNode() ? NODES.nullNode() : value);
        }
        return object;
    }

    private static AwsErrorException malformed(String message) {
        return AwsErrorException.withStatus(404, "MalformedQueryString", message);
    }
}
