package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.wire.AwsError;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The members of a request, refused as AWS refuses them.
record Input(ObjectNode members) {

    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;

    /// @throws AwsError for a member that would be ignored
    void allow(String... known) {
        Set<String> names = Set.of(known);
        for (String name : members.propertyNames()) {
            if (!names.contains(name)) {
                throw AwsError.validation(
                        "local-cloud does not support the parameter '" + name + "' here");
            }
        }
    }

    String required(String name) {
        String value = optional(name);
        if (value == null) {
            throw AwsError.validation(
                    "1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null"
                            .formatted(name));
        }
        return value;
    }

    String text(String name, String otherwise) {
        String value = optional(name);
        return value == null ? otherwise : value;
    }

    @Nullable String optional(String name) {
        JsonNode value = members.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw AwsError.client(
                    "SerializationException", "Expected '%s' to be a string".formatted(name));
        }
        return value.stringValue();
    }

    @Nullable String bounded(String name, int longest) {
        String value = optional(name);
        if (value != null && value.length() > longest) {
            throw AwsError.validation(
                    "1 validation error detected: Value at '%s' failed to satisfy constraint: Member must have length less than or equal to %d"
                            .formatted(name, longest));
        }
        return value;
    }

    boolean flag(String name, boolean otherwise) {
        return members.path(name).asBoolean(otherwise);
    }

    @Nullable ObjectNode object(String name) {
        return members.path(name) instanceof ObjectNode object ? object : null;
    }

    JsonNode array(String name) {
        return members.path(name).isArray() ? members.path(name) : Json.NODES.arrayNode();
    }

    /// Versions of state machines do not exist here, and keys other than AWS's own would not be
    // used.
    void refuseVersions() {
        if (flag("publish", false) || optional("versionDescription") != null) {
            throw AwsError.validation(
                    "local-cloud does not support versions of state machines: publish");
        }
        ObjectNode encryption = object("encryptionConfiguration");
        if (encryption != null
                && !encryption.path("type").asString("AWS_OWNED_KEY").equals("AWS_OWNED_KEY")) {
            throw AwsError.validation(
                    "local-cloud does not support customer managed keys: encryptionConfiguration");
        }
    }

    int pageSize() {
        int size = members.path("maxResults").asInt(PAGE);
        if (size < 0 || size > LARGEST_PAGE) {
            throw AwsError.validation(
                    "1 validation error detected: Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value between 0 and 1000"
                            .formatted(size));
        }
        return size == 0 ? PAGE : size;
    }

    int pageStart(int available) {
        String token = optional("nextToken");
        if (token == null) {
            return 0;
        }
        try {
            String decoded = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
            int at = decoded.startsWith("at:") ? Integer.parseInt(decoded.substring(3)) : -1;
            if (at >= 0 && at <= available) {
                return at;
            }
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        throw AwsError.client("InvalidToken", "Invalid Token: 'Invalid token'");
    }
}
