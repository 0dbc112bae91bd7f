package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.wire.AwsError;
import java.net.URI;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the parameters of SQS's JSON protocol look like. ElasticMQ calls what looks otherwise a
/// failure of its own, and does not say which parameter it was.
final class Parameters {

    private static final JsonMapper JSON = JsonMapper.shared();

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

    private static final Set<String> NUMERIC_ATTRIBUTES =
            Set.of(
                    "DelaySeconds",
                    "KmsDataKeyReusePeriodSeconds",
                    "MaximumMessageSize",
                    "MessageRetentionPeriod",
                    "ReceiveMessageWaitTimeSeconds",
                    "VisibilityTimeout");

    private Parameters() {}

    /// @throws AwsError naming the first parameter that is not what it must be
    static void require(byte[] body) {
        JsonNode request;
        try {
            request = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (JacksonException malformed) {
            throw AwsError.client("SerializationException", "the body is malformed");
        }
        if (!request.isObject()) {
            throw AwsError.client("SerializationException", "the body must be an object");
        }
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
            if (name.equals("Attributes")) {
                value.properties()
                        .forEach(
                                attribute ->
                                        attribute(
                                                attribute.getKey(),
                                                attribute.getValue().stringValue()));
            }
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
            if (name.equals("QueueUrl")) {
                address(value.stringValue());
            }
        }
    }

    private static void attribute(String name, String value) {
        boolean valid =
                switch (name) {
                    case "RedrivePolicy" -> value.isEmpty() || isRedrivePolicy(value);
                    default -> !NUMERIC_ATTRIBUTES.contains(name) || value.matches("\\d{1,9}");
                };
        if (!valid) {
            throw AwsError.client(
                    "InvalidAttributeValue", "Invalid value for the parameter " + name + ".");
        }
    }

    private static boolean isRedrivePolicy(String text) {
        try {
            var policy = JSON.readTree(text);
            var arn = policy.path("deadLetterTargetArn");
            return arn.isString()
                    && arn.stringValue().matches("arn:[a-z-]+:sqs:[a-z0-9-]+:\\d{12}:[\\w.-]+")
                    && policy.path("maxReceiveCount").asString("").matches("\\d{1,4}");
        } catch (JacksonException notJson) {
            return false;
        }
    }

    private static void address(String url) {
        try {
            if (URI.create(url).getPath() != null) {
                return;
            }
        } catch (IllegalArgumentException notOne) {
            // told below
        }
        throw AwsError.client("InvalidAddress", "The address is not valid for this endpoint.");
    }

    private static void mustBe(boolean so, String name, String what) {
        if (!so) {
            throw AwsError.client("SerializationException", name + " must be " + what);
        }
    }
}
