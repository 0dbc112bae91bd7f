package dev.orderflow.localcloud.sqs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Typed access to the parameters of a request.
final class SqsInput {

    private SqsInput() {}

    static String required(ObjectNode input, String name) {
        var value = input.path(name).asString("");
        if (value.isEmpty()) {
            throw SqsErrors.missingParameter(name);
        }
        return value;
    }

    static @Nullable Integer integer(ObjectNode input, String name) {
        var value = input.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (value.isInt()) {
            return value.intValue();
        }
        try {
            return Integer.valueOf(value.asString(""));
        } catch (NumberFormatException _) {
            throw SqsErrors.invalidParameter(name, value.asString(""), "Must be an integer.");
        }
    }

    static List<String> strings(ObjectNode input, String name) {
        return input.path(name).valueStream().map(text -> text.asString("")).toList();
    }

    static Map<String, String> texts(JsonNode map) {
        return map.properties().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                entry -> entry.getValue().asString(""),
                                (first, _) -> first,
                                LinkedHashMap::new));
    }
}
