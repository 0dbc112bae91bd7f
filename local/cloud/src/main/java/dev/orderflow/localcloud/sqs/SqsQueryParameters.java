package dev.orderflow.localcloud.sqs;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Converts query-protocol parameters to their names in the JSON protocol. SQS names its flattened
/// lists in the singular (`AttributeName.1`, `SendMessageBatchRequestEntry.1.Id`) and writes maps
/// as numbered pairs (`Attribute.1.Name`, `Attribute.1.Value`).
final class SqsQueryParameters {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final Map<String, String> LISTS =
            Map.ofEntries(
                    Map.entry("AttributeName", "AttributeNames"),
                    Map.entry("MessageAttributeName", "MessageAttributeNames"),
                    Map.entry("MessageSystemAttributeName", "MessageSystemAttributeNames"),
                    Map.entry("TagKey", "TagKeys"),
                    Map.entry("ActionName", "Actions"),
                    Map.entry("AWSAccountId", "AWSAccountIds"),
                    Map.entry("SendMessageBatchRequestEntry", "Entries"),
                    Map.entry("DeleteMessageBatchRequestEntry", "Entries"),
                    Map.entry("ChangeMessageVisibilityBatchRequestEntry", "Entries"));

    private static final Map<String, String> MAPS =
            Map.of(
                    "Attribute", "Attributes",
                    "MessageAttribute", "MessageAttributes",
                    "MessageSystemAttribute", "MessageSystemAttributes",
                    "Tag", "Tags");

    private SqsQueryParameters() {}

    static ObjectNode toJson(ObjectNode form) {
        var json = JSON.createObjectNode();
        form.properties()
                .forEach(
                        parameter -> {
                            var name = parameter.getKey();
                            var value = parameter.getValue();
                            var map = MAPS.get(name);
                            if (map != null) {
                                json.set(map, map(value));
                            } else {
                                json.set(LISTS.getOrDefault(name, name), items(name, value));
                            }
                        });
        return json;
    }

    private static JsonNode items(String name, JsonNode value) {
        if (!LISTS.containsKey(name) || !value.isArray()) {
            return value;
        }
        var items = JSON.createArrayNode();
        for (var item : value) {
            items.add(item instanceof ObjectNode structure ? toJson(structure) : item);
        }
        return items;
    }

    private static ObjectNode map(JsonNode pairs) {
        var map = JSON.createObjectNode();
        for (var pair : pairs.isArray() ? pairs : JSON.createArrayNode().add(pairs)) {
            var key = pair.has("Name") ? pair.path("Name") : pair.path("Key");
            if (!key.isString()) {
                throw SqsErrors.missingParameter("Attribute.Name");
            }
            var value = pair.path("Value");
            map.set(
                    key.stringValue(),
                    value.isMissingNode() ? JSON.getNodeFactory().stringNode("") : value);
        }
        return map;
    }
}
