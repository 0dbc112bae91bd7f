package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.wire.AwsError;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The types of the parameters in SQS's JSON protocol. In the query protocol everything is text.
final class Parameters {

    private static final Set<String> NUMBERS =
            Set.of(
                    "DelaySeconds",
                    "MaxNumberOfMessages",
                    "MaxNumberOfMessagesPerSecond",
                    "MaxResults",
                    "VisibilityTimeout",
                    "WaitTimeSeconds");
    private static final Set<String> LISTS_OF_TEXTS =
            Set.of(
                    "AWSAccountIds",
                    "Actions",
                    "AttributeNames",
                    "BinaryListValues",
                    "MessageAttributeNames",
                    "MessageSystemAttributeNames",
                    "StringListValues",
                    "TagKeys");
    private static final Set<String> MAPS_OF_TEXTS = Set.of("Attributes", "Tags", "tags");
    private static final Set<String> MAPS_OF_STRUCTURES =
            Set.of("MessageAttributes", "MessageSystemAttributes");

    private Parameters() {}

    /// @throws AwsError naming the first parameter that is not what it must be
    static void require(ObjectNode request) {
        structure(request);
    }

    private static void structure(JsonNode structure) {
        structure.properties().forEach(member -> member(member.getKey(), member.getValue()));
    }

    private static void member(String name, JsonNode value) {
        if (value.isNull()) {
            return;
        }
        if (NUMBERS.contains(name)) {
            mustBe(value.isInt(), name, "a whole number");
        } else if (LISTS_OF_TEXTS.contains(name)) {
            mustBe(value.isArray(), name, "a list");
            value.forEach(text -> mustBe(text.isString(), name, "a list of texts"));
        } else if (MAPS_OF_TEXTS.contains(name)) {
            mustBe(value.isObject(), name, "a map");
            value.forEach(text -> mustBe(text.isString(), name, "a map of texts"));
        } else if (MAPS_OF_STRUCTURES.contains(name)) {
            mustBe(value.isObject(), name, "a map");
            value.forEach(
                    attribute -> {
                        mustBe(attribute.isObject(), name, "a map of structures");
                        structure(attribute);
                    });
        } else if (name.equals("Entries")) {
            mustBe(value.isArray(), name, "a list");
            value.forEach(
                    entry -> {
                        mustBe(entry.isObject(), name, "a list of structures");
                        structure(entry);
                    });
        } else {
            mustBe(value.isString(), name, "a text");
        }
    }

    private static void mustBe(boolean so, String name, String what) {
        if (!so) {
            throw AwsError.client("SerializationException", name + " must be " + what);
        }
    }
}
