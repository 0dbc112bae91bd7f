package dev.orderflow.localcloud.sns;

import dev.orderflow.localcloud.ports.QueuePort.TypedAttribute;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.RequestMembers;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Parses and validates published messages and their attributes.
final class SnsMessageParser {

    private static final Pattern ATTRIBUTE_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,256}");
    /// A name must not start or end with a dot, contain two consecutive dots, or start with AWS's
    /// own prefixes.
    private static final Pattern RESERVED_NAME =
            Pattern.compile("^\\.|\\.$|\\.\\.|^(?i:aws|amazon)\\.");
    private static final Pattern ATTRIBUTE_TYPE =
            Pattern.compile("(String|Number|Binary)(\\.[A-Za-z0-9_.-]{1,200})?");

    private SnsMessageParser() {}

    /// Parses the message of `Publish`, or of one entry of `PublishBatch`.
    ///
    /// @param now time of publication
    /// @throws AwsErrorException for the first invalid member
    static SnsMessage parse(RequestMembers members, Instant now) {
        var body = members.required("Message");
        if (body.isEmpty()) {
            throw SnsErrors.invalid("Empty message");
        }
        var subject = members.optional("Subject");
        if (subject != null
                && (subject.isEmpty()
                        || subject.length() > 100
                        || subject.startsWith(" ")
                        || subject.chars().anyMatch(c -> c < ' ' || c > '~'))) {
            throw SnsErrors.invalid("Subject");
        }
        if (members.has("MessageDeduplicationId")) {
            throw SnsErrors.invalid(
                    "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type");
        }
        var bodies = new LinkedHashMap<String, String>();
        var structure = members.optional("MessageStructure");
        if (structure != null && !structure.isEmpty()) {
            if (!structure.equals("json")) {
                throw SnsErrors.invalid("MessageStructure");
            }
            body = bodies(body, bodies);
        }
        return new SnsMessage(
                UUID.randomUUID().toString(),
                now,
                subject,
                body,
                bodies,
                attributes(members),
                members.optional("MessageGroupId"));
    }

    /// Reads the message body of each protocol.
    ///
    /// @return the default body, for protocols without their own
    private static String bodies(String json, Map<String, String> bodies) {
        JsonNode tree;
        try {
            tree = SnsMessage.JSON.readTree(json);
        } catch (JacksonException _) {
            throw SnsErrors.invalid("Message Structure - JSON message body failed to parse");
        }
        for (var entry : tree.properties()) {
            if (entry.getValue().isString()) {
                bodies.put(entry.getKey(), entry.getValue().stringValue());
            }
        }
        var otherwise = bodies.remove("default");
        if (!tree.isObject() || otherwise == null) {
            throw SnsErrors.invalid("Message Structure - No default entry in JSON message body");
        }
        return otherwise;
    }

    private static Map<String, TypedAttribute> attributes(RequestMembers members) {
        var attributes = new LinkedHashMap<String, TypedAttribute>();
        members.map("MessageAttributes")
                .forEach((name, node) -> attributes.put(name, attribute(name, node)));
        return attributes;
    }

    private static TypedAttribute attribute(String name, JsonNode node) {
        if (!ATTRIBUTE_NAME.matcher(name).matches()
                || RESERVED_NAME.matcher(name).find()
                || !(node instanceof ObjectNode object)) {
            throw invalidValue(
                    "The message attribute name '%s' is not valid."
                            .formatted(name.substring(0, Math.min(name.length(), 100))));
        }
        var members =
                RequestMembers.of(
                        "MessageAttributes",
                        object,
                        SnsErrors::invalid,
                        Set.of("DataType", "StringValue", "BinaryValue"));
        var type = members.optional("DataType");
        if (type == null || !ATTRIBUTE_TYPE.matcher(type).matches()) {
            throw invalidValue(
                    "The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
                            .formatted(name));
        }
        var value = members.optional(type.startsWith("Binary") ? "BinaryValue" : "StringValue");
        if (value == null || value.isEmpty()) {
            throw invalidValue(
                    "The message attribute '%s' must contain non-empty message attribute value for message attribute type '%s'."
                            .formatted(name, type));
        }
        if (type.startsWith("Number")) {
            try {
                if (value.length() > 150
                        || Math.abs((long) new BigDecimal(value).scale()) > 1_000) {
                    throw new NumberFormatException();
                }
            } catch (NumberFormatException _) {
                throw invalidValue(
                        "Could not cast message attribute '%s' value to number.".formatted(name));
            }
        } else if (type.startsWith("Binary")) {
            try {
                Base64.getDecoder().decode(value);
            } catch (IllegalArgumentException _) {
                throw invalidValue(
                        "The message attribute '%s' is not valid Base64.".formatted(name));
            }
        }
        return new TypedAttribute(type, value);
    }

    private static AwsErrorException invalidValue(String message) {
        return AwsErrorException.client("ParameterValueInvalid", message);
    }

    /// The size of a message that counts towards SNS's limits, in bytes.
    static long size(SnsMessage message) {
        long size = bytes(message.body());
        for (var other : message.bodies().values()) {
            size += bytes(other);
        }
        for (var attribute : message.attributes().entrySet()) {
            size +=
                    bytes(attribute.getKey())
                            + bytes(attribute.getValue().type())
                            + bytes(attribute.getValue().value());
        }
        return size;
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
