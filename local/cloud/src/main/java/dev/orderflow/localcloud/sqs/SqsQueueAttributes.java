package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The attributes of a queue: names, allowed values and defaults (SetQueueAttributes).
///
/// Encryption at rest has no effect here: its attributes are stored and returned, as is a policy
/// that only allows. A policy with a deny statement would have an effect and is rejected.
final class SqsQueueAttributes {

    static final String DELAY = "DelaySeconds";
    static final String LARGEST_MESSAGE = "MaximumMessageSize";
    static final String RETENTION = "MessageRetentionPeriod";
    static final String POLICY = "Policy";
    static final String WAIT = "ReceiveMessageWaitTimeSeconds";
    static final String VISIBILITY = "VisibilityTimeout";
    static final String REDRIVE = "RedrivePolicy";
    static final String REDRIVE_ALLOW = "RedriveAllowPolicy";
    static final String FIFO = "FifoQueue";
    static final String CONTENT_DEDUPLICATION = "ContentBasedDeduplication";
    static final String DEDUPLICATION_SCOPE = "DeduplicationScope";
    static final String THROUGHPUT_LIMIT = "FifoThroughputLimit";
    static final String KMS_KEY = "KmsMasterKeyId";
    static final String KMS_REUSE = "KmsDataKeyReusePeriodSeconds";
    static final String MANAGED_ENCRYPTION = "SqsManagedSseEnabled";

    static final int LONGEST_DELAY = 900;
    static final int LONGEST_POLL_SECONDS = 20;
    static final int LONGEST_INVISIBILITY = 43_200;

    private record AttributeRange(int least, int most) {}

    private static final Map<String, AttributeRange> NUMBERS =
            Map.of(
                    DELAY, new AttributeRange(0, LONGEST_DELAY),
                    LARGEST_MESSAGE, new AttributeRange(1_024, 1_048_576),
                    RETENTION, new AttributeRange(60, 1_209_600),
                    WAIT, new AttributeRange(0, LONGEST_POLL_SECONDS),
                    VISIBILITY, new AttributeRange(0, LONGEST_INVISIBILITY),
                    KMS_REUSE, new AttributeRange(60, 86_400));

    private static final Set<String> FIFO_ONLY =
            Set.of(FIFO, CONTENT_DEDUPLICATION, DEDUPLICATION_SCOPE, THROUGHPUT_LIMIT);

    private static final Set<String> OTHERS =
            Set.of(POLICY, REDRIVE, REDRIVE_ALLOW, KMS_KEY, MANAGED_ENCRYPTION);

    /// Read-only attributes.
    static final Set<String> READ_ONLY =
            Set.of(
                    "ApproximateNumberOfMessages",
                    "ApproximateNumberOfMessagesDelayed",
                    "ApproximateNumberOfMessagesNotVisible",
                    "CreatedTimestamp",
                    "LastModifiedTimestamp",
                    "QueueArn");

    private static final Pattern ARN =
            Pattern.compile("arn:[a-z-]+:sqs:[a-z0-9-]+:\\d{12}:[\\w.-]+");

    private static final int MOST_RECEIVES = 1_000;

    private static final JsonMapper JSON = JsonMapper.shared();

    private SqsQueueAttributes() {}

    static boolean isKnown(String name) {
        return NUMBERS.containsKey(name)
                || FIFO_ONLY.contains(name)
                || OTHERS.contains(name)
                || READ_ONLY.contains(name);
    }

    static Map<String, String> defaults(boolean fifo) {
        var defaults = new LinkedHashMap<String, String>();
        defaults.put(VISIBILITY, "30");
        defaults.put(LARGEST_MESSAGE, "1048576");
        defaults.put(RETENTION, "345600");
        defaults.put(DELAY, "0");
        defaults.put(WAIT, "0");
        defaults.put(MANAGED_ENCRYPTION, "true");
        if (fifo) {
            defaults.put(FIFO, "true");
            defaults.put(CONTENT_DEDUPLICATION, "false");
            defaults.put(DEDUPLICATION_SCOPE, "queue");
            defaults.put(THROUGHPUT_LIMIT, "perQueue");
        }
        return defaults;
    }

    /// The normalised values; an empty value removes the attribute.
    ///
    /// @param fifo whether the queue is a FIFO queue
    /// @throws AwsErrorException for the first unknown attribute or invalid value
    static Map<String, String> read(JsonNode attributes, boolean fifo) {
        var read = new LinkedHashMap<String, String>();
        for (var attribute : attributes.properties()) {
            var name = attribute.getKey();
            if (!isKnown(name) || READ_ONLY.contains(name) || !fifo && FIFO_ONLY.contains(name)) {
                throw SqsErrors.unknownAttribute(name);
            }
            read.put(name, validate(name, attribute.getValue().asString("")));
        }
        if (!read.getOrDefault(KMS_KEY, "").isEmpty()) {
            if ("true".equals(read.get(MANAGED_ENCRYPTION))) {
                throw AwsErrorException.client(
                        "InvalidAttributeValue",
                        "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.");
            }
            read.put(MANAGED_ENCRYPTION, "false");
            read.putIfAbsent(KMS_REUSE, "300");
        }
        return read;
    }

    private static String validate(String name, String value) {
        var range = NUMBERS.get(name);
        if (range != null) {
            if (!value.matches("\\d{1,9}")
                    || Integer.parseInt(value) < range.least()
                    || Integer.parseInt(value) > range.most()) {
                throw SqsErrors.invalidAttribute(name);
            }
            return Integer.toString(Integer.parseInt(value));
        }
        return switch (name) {
            case FIFO -> oneOf(name, value.toLowerCase(Locale.ROOT), "true");
            case CONTENT_DEDUPLICATION, MANAGED_ENCRYPTION ->
                    oneOf(name, value.toLowerCase(Locale.ROOT), "true", "false");
            case DEDUPLICATION_SCOPE -> oneOf(name, value, "queue", "messageGroup");
            case THROUGHPUT_LIMIT -> oneOf(name, value, "perQueue", "perMessageGroupId");
            case POLICY -> value.isBlank() ? "" : policy(value);
            case REDRIVE -> value.isBlank() ? "" : redrivePolicy(value);
            case REDRIVE_ALLOW -> value.isBlank() ? "" : redriveAllowPolicy(value);
            default -> value;
        };
    }

    private static String oneOf(String name, String value, String... allowed) {
        if (!Set.of(allowed).contains(value)) {
            throw SqsErrors.invalidAttribute(name);
        }
        return value;
    }

    private static String policy(String text) {
        var statements = object(POLICY, text).path("Statement");
        boolean any = false;
        for (var statement : statements.isObject() ? List.of(statements) : statements) {
            switch (statement.path("Effect").asString("")) {
                case "Allow" -> any = true;
                case "Deny" ->
                        throw AwsErrorException.client(
                                "InvalidAttributeValue",
                                "local-cloud does not support a Policy with a Deny statement");
                default -> throw SqsErrors.invalidAttribute(POLICY);
            }
        }
        if (!any) {
            throw SqsErrors.invalidAttribute(POLICY);
        }
        return text;
    }

    private static String redrivePolicy(String text) {
        JsonNode policy;
        try {
            policy = JSON.readTree(text);
        } catch (JacksonException _) {
            policy = JSON.missingNode();
        }
        if (!policy.isObject()) {
            throw SqsErrors.invalidParameter(
                    REDRIVE, text, "Redrive policy is not a valid JSON map.");
        }
        for (var member : Set.of("deadLetterTargetArn", "maxReceiveCount")) {
            if (!policy.hasNonNull(member)) {
                throw SqsErrors.invalidParameter(
                        REDRIVE,
                        text,
                        "Redrive policy does not contain mandatory attribute: " + member + ".");
            }
        }
        if (policy.size() > 2) {
            throw SqsErrors.invalidParameter(
                    REDRIVE,
                    text,
                    "Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount].");
        }
        var count = policy.get("maxReceiveCount").asString("");
        if (!count.matches("\\d{1,9}")
                || Integer.parseInt(count) < 1
                || Integer.parseInt(count) > MOST_RECEIVES) {
            throw SqsErrors.invalidParameter(
                    REDRIVE,
                    text,
                    "Invalid value for maxReceiveCount: %s, valid values are from 1 to 1000 both inclusive."
                            .formatted(count));
        }
        if (!ARN.matcher(policy.get("deadLetterTargetArn").asString("")).matches()) {
            throw SqsErrors.invalidParameter(
                    REDRIVE, text, "Invalid value for deadLetterTargetArn.");
        }
        return text;
    }

    private static String redriveAllowPolicy(String text) {
        var policy = object(REDRIVE_ALLOW, text);
        var sources = policy.path("sourceQueueArns");
        boolean valid =
                switch (policy.path("redrivePermission").asString("")) {
                    case "allowAll", "denyAll" -> sources.isEmpty();
                    case "byQueue" ->
                            sources.isArray() && !sources.isEmpty() && sources.size() <= 10;
                    default -> false;
                };
        if (!valid) {
            throw SqsErrors.invalidParameter(
                    REDRIVE_ALLOW, text, "Amazon SQS can't create the redrive allow policy.");
        }
        return text;
    }

    private static JsonNode object(String name, String text) {
        try {
            var read = JSON.readTree(text);
            if (read.isObject()) {
                return read;
            }
        } catch (JacksonException _) {
            // refused below
        }
        throw SqsErrors.invalidAttribute(name);
    }

    /// Whether two values of an attribute are equivalent; JSON is compared by content.
    static boolean areEquivalent(String name, String one, @Nullable String other) {
        if (other == null) {
            return one.isEmpty();
        }
        if (!name.endsWith("Policy") || one.isEmpty() || other.isEmpty()) {
            return one.equals(other);
        }
        return JSON.readTree(one).equals(JSON.readTree(other));
    }

    /// @param arn ARN of the dead-letter queue
    /// @param maxReceiveCount receives after which a message moves to the dead-letter queue
    record RedrivePolicy(String arn, int maxReceiveCount) {}

    static @Nullable RedrivePolicy redrive(@Nullable String policy) {
        if (policy == null || policy.isEmpty()) {
            return null;
        }
        var read = JSON.readTree(policy);
        return new RedrivePolicy(
                read.path("deadLetterTargetArn").asString(),
                Integer.parseInt(read.path("maxReceiveCount").asString()));
    }

    /// Whether this redrive-allow policy accepts a source queue.
    static boolean allowsRedrive(@Nullable String policy, String sourceArn) {
        if (policy == null || policy.isEmpty()) {
            return true;
        }
        var read = JSON.readTree(policy);
        return switch (read.path("redrivePermission").asString()) {
            case "denyAll" -> false;
            case "byQueue" ->
                    read.path("sourceQueueArns")
                            .valueStream()
                            .anyMatch(arn -> arn.asString("").equals(sourceArn));
            default -> true;
        };
    }
}
