package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.PageToken;
import dev.orderflow.localcloud.wire.RequestShape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Typed access to request members, with AWS's errors.
record StepFunctionsRequest(ObjectNode members) {

    private static final Pattern NAME =
            Pattern.compile("[^\\s<>{}\\[\\]?*\"#%\\\\^|~`$&,;:/\\p{Cntrl}]{1,80}");
    private static final Pattern LOG_GROUP =
            Pattern.compile("arn:aws[a-z-]*:logs:[a-z0-9-]+:[0-9]{12}:log-group:.+");
    /// The type of an encryption with a key of the customer.
    static final String CUSTOMER_KEY = "CUSTOMER_MANAGED_KMS_KEY";

    /// Seconds for which a data key is used again.
    private static final int SHORTEST_REUSE = 60;

    private static final int LONGEST_REUSE = 900;
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;
    private static final int LONGEST_TOKEN = 1_024;

    /// ListExecutions takes longer tokens than the other lists.
    private static final int LONGEST_TOKEN_OF_EXECUTIONS = 3_096;

    /// The members of all operations that are not strings. [#allow] checks which of them an
    /// operation has.
    private static final RequestShape KINDS =
            RequestShape.of(
                    "publish:flag includeExecutionData:flag reverseOrder:flag maxResults:number"
                            + " tagKeys:texts tags:[key value] tracingConfiguration:{enabled:flag}"
                            + " loggingConfiguration:{level includeExecutionData:flag"
                            + " destinations:[cloudWatchLogsLogGroup:{logGroupArn}]}"
                            + " encryptionConfiguration:{type kmsKeyId"
                            + " kmsDataKeyReusePeriodSeconds:number}"
                            + " routingConfiguration:[stateMachineVersionArn weight:number]");

    /// Rejects a member of the wrong type, and an unknown nested member.
    static void requireKinds(String operation, ObjectNode request) {
        KINDS.requireKinds(
                operation,
                request,
                wrong -> AwsErrorException.client("SerializationException", wrong),
                AwsErrorException::validation);
    }

    /// Whether AWS allows the name for a state machine or execution.
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /// @throws AwsErrorException for an unsupported member
    void allow(String... known) {
        Set<String> names = Set.of(known);
        for (String name : members.propertyNames()) {
            if (!names.contains(name)) {
                throw AwsErrorException.validation(
                        "local-cloud does not support the parameter '" + name + "' here");
            }
        }
    }

    String required(String name) {
        String value = optional(name);
        if (value == null) {
            throw AwsErrorException.validation(
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
            throw AwsErrorException.client(
                    "SerializationException", "Expected '%s' to be a string".formatted(name));
        }
        return value.stringValue();
    }

    /// A value of an enumeration.
    String oneOf(String name, List<String> values, String otherwise) {
        return requireOneOf(name, text(name, otherwise), values);
    }

    /// A value of an enumeration, null when absent.
    @Nullable String optionalOneOf(String name, List<String> values) {
        String value = optional(name);
        return value == null ? null : requireOneOf(name, value, values);
    }

    /// Whether the member `includedData` of a description asks for more than metadata.
    boolean wantsData() {
        return oneOf("includedData", List.of("ALL_DATA", "METADATA_ONLY"), "ALL_DATA")
                .equals("ALL_DATA");
    }

    private static String requireOneOf(String name, String value, List<String> values) {
        if (!values.contains(value)) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy enum value set: %s"
                            .formatted(value, name, values));
        }
        return value;
    }

    /// @return the logging configuration, null if there is none
    /// @throws AwsErrorException `InvalidLoggingConfiguration` unless there is one destination, a
    ///     log group, or logging is off
    @Nullable ObjectNode loggingConfiguration() {
        var configuration = object("loggingConfiguration");
        if (configuration != null) {
            var level =
                    requireOneOf(
                            "loggingConfiguration.level",
                            configuration.path("level").asString("OFF"),
                            List.of("ALL", "ERROR", "FATAL", "OFF"));
            var destinations = configuration.path("destinations");
            if (destinations.size() > 1 || destinations.isEmpty() && !level.equals("OFF")) {
                throw AwsErrorException.client(
                        "InvalidLoggingConfiguration",
                        "Invalid Logging Configuration: Must specify exactly one Log Destination.");
            }
            for (var destination : destinations) {
                var group = destination.at("/cloudWatchLogsLogGroup/logGroupArn").asString("");
                if (!LOG_GROUP.matcher(group).matches()) {
                    throw AwsErrorException.client(
                            "InvalidArn", "Invalid Log Destination: '" + group + "'");
                }
            }
        }
        return configuration;
    }

    /// @return the encryption configuration, null if there is none
    /// @throws AwsErrorException `InvalidEncryptionConfiguration` if type and key do not match
    @Nullable ObjectNode encryptionConfiguration() {
        var configuration = object("encryptionConfiguration");
        if (configuration != null) {
            var type =
                    requireOneOf(
                            "encryptionConfiguration.type",
                            configuration.path("type").asString(""),
                            List.of("AWS_OWNED_KEY", CUSTOMER_KEY));
            var key = configuration.path("kmsKeyId").asString("");
            if (type.equals(CUSTOMER_KEY) == key.isEmpty()) {
                throw AwsErrorException.client(
                        "InvalidEncryptionConfiguration",
                        "Invalid Encryption Configuration: a KMS key is required for type %s and not allowed for any other"
                                .formatted(CUSTOMER_KEY));
            }
            int period = configuration.path("kmsDataKeyReusePeriodSeconds").asInt(SHORTEST_REUSE);
            if (period < SHORTEST_REUSE || period > LONGEST_REUSE) {
                throw AwsErrorException.validation(
                        "1 validation error detected: Value '%d' at 'encryptionConfiguration.kmsDataKeyReusePeriodSeconds' failed to satisfy constraint: Member must have value %s"
                                .formatted(
                                        period,
                                        period < SHORTEST_REUSE
                                                ? "greater than or equal to " + SHORTEST_REUSE
                                                : "less than or equal to " + LONGEST_REUSE));
            }
        }
        return configuration;
    }

    @Nullable String bounded(String name, int longest) {
        String value = optional(name);
        if (value != null && value.length() > longest) {
            throw AwsErrorException.validation(
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
        return members.path(name).isArray()
                ? members.path(name)
                : StepFunctionsJson.NODES.arrayNode();
    }

    /// @throws AwsErrorException if a version description is given without `publish`
    void refuseVersionDescriptionWithoutPublishing() {
        if (!flag("publish", false) && optional("versionDescription") != null) {
            throw AwsErrorException.validation(
                    "Version description can only be set when publish is set to true");
        }
    }

    /// A page of a list, with the token of the next page.
    <T> ObjectNode page(String field, List<T> all, Function<T, ObjectNode> tell) {
        int from = pageStart(field, all.size());
        int to = Math.min(all.size(), from + pageSize());
        ObjectNode answer = StepFunctionsJson.object();
        ArrayNode array = answer.putArray(field);
        all.subList(from, to).forEach(one -> array.add(tell.apply(one)));
        if (to < all.size()) {
            answer.put("nextToken", PageToken.encode("states:" + field, Integer.toString(to)));
        }
        return answer;
    }

    private int pageSize() {
        return maxResults(PAGE, LARGEST_PAGE);
    }

    /// The member `maxResults`, where 0 stands for the default.
    int maxResults(int standard, int largest) {
        int size = members.path("maxResults").asInt(standard);
        if (size < 0 || size > largest) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value %s"
                            .formatted(
                                    size,
                                    size < 0
                                            ? "greater than or equal to 0"
                                            : "less than or equal to " + largest));
        }
        return size == 0 ? standard : size;
    }

    private int pageStart(String field, int available) {
        String token =
                bounded(
                        "nextToken",
                        field.equals("executions") ? LONGEST_TOKEN_OF_EXECUTIONS : LONGEST_TOKEN);
        if (token == null) {
            return 0;
        }
        try {
            int at = Integer.parseInt(PageToken.decode("states:" + field, token));
            if (at <= available) {
                return at;
            }
        } catch (IllegalArgumentException _) {
            // Rejected below.
        }
        throw invalidToken();
    }

    /// The error for a task token or a page token that was never issued.
    static AwsErrorException invalidToken() {
        return AwsErrorException.client("InvalidToken", "Invalid Token: 'Invalid token'");
    }

    /// Input and output have at most 256 KiB.
    static void requirePayloadLimit(String member, String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > PayloadLimit.BYTES) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value at '%s' failed to satisfy constraint: Member must have length less than or equal to %d"
                            .formatted(member, PayloadLimit.BYTES));
        }
    }

    /// A required ARN of this resource type.
    String arn(String name, String resourceType) {
        return checkedArn(required(name), resourceType);
    }

    /// @param resourceType `stateMachine` or `execution`
    static String checkedArn(String arn, String resourceType) {
        String[] parts = arn.split(":", 8);
        if (parts.length < 7 || !parts[0].equals("arn") || !parts[2].equals("states")) {
            throw AwsErrorException.client(
                    "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: " + arn + "'");
        }
        if (!parts[5].equals(resourceType)) {
            throw AwsErrorException.client(
                    "InvalidArn",
                    "Invalid Arn: 'Resource type not valid in this context: " + parts[5] + "'");
        }
        return arn;
    }
}
