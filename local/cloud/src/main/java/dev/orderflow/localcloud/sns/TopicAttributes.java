package dev.orderflow.localcloud.sns;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The attributes of topics: their names, valid values and defaults.
final class TopicAttributes {

    /// Attributes that can be set. Except for `DisplayName` they have no effect here: access,
    /// encryption, signatures, tracing, delivery logs and the topic's delivery policy.
    private static final Pattern TOPIC_ATTRIBUTES =
            Pattern.compile(
                    "DisplayName|Policy|KmsMasterKeyId|SignatureVersion|TracingConfig|DeliveryPolicy"
                            + "|(HTTP|Firehose|Lambda|Application|SQS)"
                            + "(SuccessFeedbackRoleArn|SuccessFeedbackSampleRate|FailureFeedbackRoleArn)");

    private static final Set<String> FIFO_ATTRIBUTES =
            Set.of(
                    "ArchivePolicy",
                    "ContentBasedDeduplication",
                    "FifoThroughputScope",
                    "FifoTopic");

    private static final int LONGEST_DISPLAY_NAME = 100;

    private TopicAttributes() {}

    /// @throws dev.orderflow.localcloud.wire.AwsErrorException if the attribute is not supported
    static void requireName(String name) {
        if (!TOPIC_ATTRIBUTES.matcher(name).matches()) {
            throw SnsErrors.invalid(
                    FIFO_ATTRIBUTES.contains(name)
                            ? "Attributes Reason: local-cloud does not support the topic attribute "
                                    + name
                            : "AttributeName");
        }
    }

    /// The access policy of a topic that was created without one.
    static String defaultPolicy(SnsTopic topic, String owner) {
        var policy =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("Version", "2008-10-17")
                        .put("Id", "__default_policy_ID");
        var statement =
                policy.putArray("Statement")
                        .addObject()
                        .put("Sid", "__default_statement_ID")
                        .put("Effect", "Allow");
        statement.putObject("Principal").put("AWS", "*");
        var actions = statement.putArray("Action");
        List.of(
                        "GetTopicAttributes",
                        "SetTopicAttributes",
                        "AddPermission",
                        "RemovePermission",
                        "DeleteTopic",
                        "Subscribe",
                        "ListSubscriptionsByTopic",
                        "Publish")
                .forEach(action -> actions.add("SNS:" + action));
        statement.put("Resource", topic.arn());
        statement.putObject("Condition").putObject("StringEquals").put("AWS:SourceOwner", owner);
        return policy.toString();
    }

    /// @throws dev.orderflow.localcloud.wire.AwsErrorException if the value is invalid
    static void requireValue(String name, String value) {
        switch (name) {
            case "DisplayName" -> {
                if (value.length() > LONGEST_DISPLAY_NAME) {
                    throw SnsErrors.invalid(
                            "DisplayName Reason: must be at most %d characters long"
                                    .formatted(LONGEST_DISPLAY_NAME));
                }
            }
            case "Policy" -> {
                if (!value.isEmpty() && !isPolicy(value)) {
                    throw SnsErrors.invalid("Policy Error: null");
                }
            }
            case "DeliveryPolicy" -> {
                if (!value.isEmpty() && !(json(value) instanceof ObjectNode)) {
                    throw SnsErrors.invalid("DeliveryPolicy: failed to parse JSON.");
                }
            }
            case "SignatureVersion" -> {
                if (!value.isEmpty() && !value.equals("1") && !value.equals("2")) {
                    throw SnsErrors.invalid("SignatureVersion");
                }
            }
            case "TracingConfig" -> {
                if (!value.isEmpty() && !value.equals("Active") && !value.equals("PassThrough")) {
                    throw SnsErrors.invalid("TracingConfig");
                }
            }
            case String rate when rate.endsWith("SuccessFeedbackSampleRate") -> {
                if (!value.isEmpty() && !value.matches("[0-9]{1,2}|100")) {
                    throw SnsErrors.invalid(rate + " Reason: must be a number from 0 to 100");
                }
            }
            default -> {}
        }
    }

    private static boolean isPolicy(String value) {
        var policy = json(value);
        var statements = policy == null ? null : policy.get("Statement");
        return policy instanceof ObjectNode
                && statements != null
                && !statements.isEmpty()
                && (statements.isObject() || statements.valueStream().allMatch(JsonNode::isObject));
    }

    private static @Nullable JsonNode json(String text) {
        try {
            return SnsMessage.JSON.readTree(text);
        } catch (JacksonException _) {
            return null;
        }
    }
}
