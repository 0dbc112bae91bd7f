package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.delivery.RetryPolicy;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.RequestMembers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A target of a rule.
///
/// @param definition the target as given, returned by `ListTargetsByRule`
record RuleTarget(
        String id,
        String arn,
        TargetDestination destination,
        TargetInput input,
        RetryPolicy retryPolicy,
        @Nullable String deadLetterQueue,
        ObjectNode definition) {

    static final int DEFAULT_RETRIES = 185;
    static final int DEFAULT_AGE_SECONDS = 86_400;

    private static final Pattern ARN =
            Pattern.compile("arn:aws[a-z-]*:([a-z0-9-]+):[a-z0-9-]*:\\d{12}:(\\S+)");
    private static final int LONGEST_INPUT = 8_192;
    private static final int MOST_VARIABLES = 100;
    private static final Set<String> KNOWN =
            Set.of(
                    "Id",
                    "Arn",
                    "RoleArn",
                    "Input",
                    "InputPath",
                    "InputTransformer",
                    "SqsParameters",
                    "DeadLetterConfig",
                    "RetryPolicy");

    static RuleTarget of(ObjectNode node) {
        var members = RequestMembers.of("PutTargets", node, AwsErrorException::validation, KNOWN);
        var id = members.required("Id", EventBusService.NAME, 64);
        var arn = members.required("Arn");
        members.optional("RoleArn", 1_600);
        var destination = destination(members, id, arn);
        return new RuleTarget(
                id,
                arn,
                destination,
                input(members, id),
                retryPolicy(members),
                deadLetterQueue(members),
                node.deepCopy());
    }

    private static TargetDestination destination(RequestMembers members, String id, String arn) {
        var matcher = ARN.matcher(arn);
        if (!matcher.matches()) {
            throw AwsErrorException.validation(
                    "Parameter %s is not valid. Reason: Provided Arn is not in correct format."
                            .formatted(arn));
        }
        var sqs = members.child("SqsParameters", Set.of("MessageGroupId"));
        return switch (matcher.group(1)) {
            case "sqs" -> {
                boolean fifo = arn.endsWith(".fifo");
                var groupId = sqs == null ? null : sqs.required("MessageGroupId");
                if (fifo && groupId == null) {
                    throw AwsErrorException.validation(
                            "Parameter(s) SqsParameters must be specified for target: %s."
                                    .formatted(id));
                }
                if (!fifo && groupId != null) {
                    throw AwsErrorException.validation(
                            "Parameter(s) MessageGroupId cannot be specified for target: %s."
                                    .formatted(id));
                }
                yield new TargetDestination.QueueDestination(arn, groupId);
            }
            case "sns" -> new TargetDestination.TopicDestination(arn);
            case "states" -> {
                if (!members.has("RoleArn")) {
                    throw AwsErrorException.validation(
                            "RoleArn is required for target %s.".formatted(arn));
                }
                yield new TargetDestination.StateMachineDestination(arn);
            }
            case String other ->
                    throw EventBridgeErrors.unsupported("targets of the service " + other);
        };
    }

    private static TargetInput input(RequestMembers members, String id) {
        var constant = members.optional("Input", LONGEST_INPUT);
        var path = members.optional("InputPath", 256);
        var transformer =
                members.child("InputTransformer", Set.of("InputPathsMap", "InputTemplate"));
        int given =
                (constant == null ? 0 : 1) + (path == null ? 0 : 1) + (transformer == null ? 0 : 1);
        if (given > 1) {
            throw AwsErrorException.validation(
                    "Only one of Input, InputPath, or InputTransformer must be provided for target %s."
                            .formatted(id));
        }
        if (constant != null) {
            if (EventBridgeJson.value(constant) == null) {
                throw AwsErrorException.validation(
                        "JSON text in Input for target %s is not valid.".formatted(id));
            }
            return new TargetInput.ConstantInput(constant);
        }
        if (path != null) {
            var parsed = EventJsonPath.parse(path);
            if (parsed == null) {
                throw AwsErrorException.validation(
                        "Invalid InputPath for target %s.".formatted(id));
            }
            return new TargetInput.PathInput(parsed);
        }
        return transformer == null ? new TargetInput.WholeEventInput() : template(transformer, id);
    }

    private static TargetInput template(RequestMembers transformer, String id) {
        var text = transformer.required("InputTemplate");
        if (text.isEmpty() || text.length() > LONGEST_INPUT) {
            throw transformer.constraint(
                    "InputTemplate",
                    text,
                    "Member must have length between 1 and " + LONGEST_INPUT);
        }
        Map<String, String> paths = transformer.stringMap("InputPathsMap");
        if (paths.size() > MOST_VARIABLES) {
            throw transformer.constraint(
                    "InputPathsMap",
                    "map of " + paths.size(),
                    "Map must have at most %d entries".formatted(MOST_VARIABLES));
        }
        var variables = new LinkedHashMap<String, EventJsonPath>();
        paths.forEach(
                (name, path) -> {
                    if (name.toLowerCase(Locale.ROOT).startsWith("aws")) {
                        throw AwsErrorException.validation(
                                "InputPathsMap key %s of target %s must not start with AWS."
                                        .formatted(name, id));
                    }
                    var parsed = EventJsonPath.parse(path);
                    if (parsed == null) {
                        throw AwsErrorException.validation(
                                "InputPathsMap value %s of target %s is not a JSON path that EventBridge supports."
                                        .formatted(path, id));
                    }
                    variables.put(name, parsed);
                });
        var template = new TargetInput.TemplateInput(text, variables);
        var problem = template.problem();
        if (problem != null) {
            throw AwsErrorException.validation(
                    "Invalid InputTemplate for target %s : [%s].".formatted(id, problem));
        }
        return template;
    }

    private static RetryPolicy retryPolicy(RequestMembers members) {
        var policy =
                members.child(
                        "RetryPolicy", Set.of("MaximumRetryAttempts", "MaximumEventAgeInSeconds"));
        int retries = DEFAULT_RETRIES;
        int age = DEFAULT_AGE_SECONDS;
        if (policy != null) {
            retries = policy.integer("MaximumRetryAttempts", 0, DEFAULT_RETRIES, DEFAULT_RETRIES);
            age =
                    policy.integer(
                            "MaximumEventAgeInSeconds",
                            60,
                            DEFAULT_AGE_SECONDS,
                            DEFAULT_AGE_SECONDS);
        }
        // AWS documents exponential back-off with jitter and 185 attempts in 24 hours.
        return new RetryPolicy(
                retries,
                Duration.ofSeconds(age),
                RetryPolicy.exponentialBackoff(Duration.ofSeconds(1), Duration.ofMinutes(10)));
    }

    private static @Nullable String deadLetterQueue(RequestMembers members) {
        var config = members.child("DeadLetterConfig", Set.of("Arn"));
        var arn = config == null ? null : config.optional("Arn");
        if (arn == null) {
            return null;
        }
        var matcher = ARN.matcher(arn);
        if (!matcher.matches() || !matcher.group(1).equals("sqs") || arn.endsWith(".fifo")) {
            throw AwsErrorException.validation(
                    "Parameter DeadLetterConfig.Arn is not valid. Reason: it must be the ARN of a standard SQS queue.");
        }
        return arn;
    }
}
