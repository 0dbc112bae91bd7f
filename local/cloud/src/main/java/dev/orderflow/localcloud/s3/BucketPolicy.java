package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.HttpGateway;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Validates [bucket policies][1]. They are stored without effect, like queue policies: permissions
/// are set with the local cloud's access control.
///
/// [1]: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
final class BucketPolicy {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private static final Set<String> VERSIONS = Set.of("2008-10-17", "2012-10-17");
    private static final Set<String> ELEMENTS = Set.of("Version", "Id", "Statement");
    private static final Set<String> STATEMENT =
            Set.of(
                    "Sid",
                    "Effect",
                    "Principal",
                    "NotPrincipal",
                    "Action",
                    "NotAction",
                    "Resource",
                    "NotResource",
                    "Condition");
    private static final Set<String> PRINCIPALS =
            Set.of("AWS", "Service", "Federated", "CanonicalUser");

    /// Condition keys that make a statement for everyone non-public if their value is fixed ("The
    /// meaning of public" in "Blocking public access to your Amazon S3 storage").
    private static final Set<String> RESTRICTING_KEYS =
            Set.of(
                    "aws:principalorgid",
                    "aws:principalorgpaths",
                    "aws:principalarn",
                    "aws:principalaccount",
                    "aws:sourcearn",
                    "aws:sourcevpc",
                    "aws:sourcevpce",
                    "aws:sourceowner",
                    "aws:sourceaccount",
                    "aws:sourceorgid",
                    "aws:userid",
                    "s3:dataaccesspointarn",
                    "s3:dataaccesspointaccount",
                    "s3:x-amz-server-side-encryption-aws-kms-key-id");

    private static final Set<String> RESTRICTING_OPERATORS =
            Set.of("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike");

    private static final String SOURCE_IP = "aws:sourceip";

    /// Wider ranges of addresses count as public.
    private static final int WIDEST_IPV4 = 8;

    private static final int WIDEST_IPV6 = 32;

    private BucketPolicy() {}

    /// Validates a policy and returns it as it will be read back.
    ///
    /// @param bucket name of the bucket that the policy is for
    /// @throws AwsErrorException `MalformedPolicy`; `NotImplemented` if it denies anything
    static byte[] read(String bucket, byte[] body) {
        JsonNode policy;
        try {
            policy = JSON.readTree(body);
        } catch (JacksonException _) {
            throw malformed("Policies must be valid JSON and the first byte must be '{'");
        }
        if (!policy.isObject()) {
            throw malformed("Policies must be valid JSON and the first byte must be '{'");
        }
        requireKnown(policy, ELEMENTS);
        if (policy.has("Version") && !VERSIONS.contains(policy.path("Version").asString(""))) {
            throw malformed("The policy must contain a valid version string");
        }
        requireElement(policy, "Statement");
        var statements = statements(policy);
        if (statements.isEmpty()) {
            throw malformed("Could not parse the policy: Statement is empty!");
        }
        for (var statement : statements) {
            requireValid(bucket, statement);
        }
        return policy.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void requireValid(String bucket, JsonNode statement) {
        if (!statement.isObject()) {
            throw malformed("Invalid policy syntax.");
        }
        requireKnown(statement, STATEMENT);
        requireElement(statement, "Effect");
        switch (statement.path("Effect").asString("")) {
            case "Allow" -> {}
            case "Deny" -> throw S3Errors.notImplemented("a bucket policy with a Deny statement");
            default -> throw malformed("Invalid effect: " + statement.path("Effect").asString(""));
        }
        for (var element : List.of("Principal", "Action", "Resource")) {
            if (statement.has(element) == statement.has("Not" + element)) {
                throw statement.has(element)
                        ? malformed("Invalid policy syntax.")
                        : malformed("Missing required field " + element);
            }
        }
        for (var element : List.of("Principal", "NotPrincipal")) {
            requirePrincipals(statement.path(element));
        }
        var actions = texts(statement.path("Action"), statement.path("NotAction"));
        actions.forEach(BucketPolicyActions::require);
        var resources = texts(statement.path("Resource"), statement.path("NotResource"));
        resources.forEach(resource -> requireResource(bucket, resource));
        if (statement.has("Action") && statement.has("Resource")) {
            requireApplicable(actions, resources);
        }
        if (statement.has("Condition") && !statement.path("Condition").isObject()) {
            throw malformed("Invalid policy syntax.");
        }
    }

    private static void requireKnown(JsonNode holder, Set<String> known) {
        for (var name : holder.propertyNames()) {
            if (!known.contains(name)) {
                throw malformed("Unknown field " + name);
            }
        }
    }

    private static void requireElement(JsonNode holder, String name) {
        if (!holder.has(name)) {
            throw malformed("Missing required field " + name);
        }
    }

    private static void requirePrincipals(JsonNode principal) {
        if (principal.isMissingNode() || principal.asString("").equals("*")) {
            return;
        }
        if (!principal.isObject() || principal.isEmpty()) {
            throw malformed("Invalid principal in policy");
        }
        for (var kind : principal.properties()) {
            if (!PRINCIPALS.contains(kind.getKey())) {
                throw malformed("Invalid principal in policy");
            }
            for (var name : texts(kind.getValue())) {
                if (kind.getKey().equals("AWS") && !isPrincipalOfAws(name)) {
                    throw malformed("Invalid principal in policy");
                }
            }
        }
    }

    private static boolean isPrincipalOfAws(String name) {
        return name.equals("*")
                || name.matches("[0-9]{12}")
                || name.matches("arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:[^*?]+");
    }

    /// A policy may name its own bucket and the objects in it, and nothing else.
    private static void requireResource(String bucket, String resource) {
        var name = resource.replaceFirst("^arn:aws[a-z-]*:s3:::", "");
        boolean own =
                name.equals(bucket)
                        || name.startsWith(bucket + "/")
                        || name.startsWith(bucket + "*");
        if (name.equals(resource) || !own) {
            throw malformed("Policy has invalid resource");
        }
    }

    private static void requireApplicable(List<String> actions, List<String> resources) {
        boolean ofObjects = resources.stream().anyMatch(it -> it.matches(".*[/*].*"));
        boolean ofBucket = resources.stream().anyMatch(it -> !it.contains("/"));
        for (var action : actions) {
            if (!(ofBucket && BucketPolicyActions.applyToBucket(action))
                    && !(ofObjects && BucketPolicyActions.applyToObjects(action))) {
                throw malformed("Action does not apply to any resource(s) in statement");
            }
        }
    }

    /// Whether a valid policy grants anything to everyone.
    static boolean isPublic(byte[] policy) {
        return statements(JSON.readTree(policy)).stream().anyMatch(BucketPolicy::grantsToEveryone);
    }

    private static boolean grantsToEveryone(JsonNode statement) {
        var principal = statement.path("Principal");
        boolean everyone =
                statement.has("NotPrincipal")
                        || principal.asString("").equals("*")
                        || texts(principal.path("AWS")).contains("*");
        return everyone
                && statement.path("Condition").properties().stream()
                        .noneMatch(
                                operator -> isRestricting(operator.getKey(), operator.getValue()));
    }

    private static boolean isRestricting(String operator, JsonNode keys) {
        var name = operator.toLowerCase(Locale.ROOT).replaceFirst("^foranyvalue:", "");
        return keys.properties().stream()
                .anyMatch(
                        key ->
                                isFixed(
                                        name,
                                        key.getKey().toLowerCase(Locale.ROOT),
                                        texts(key.getValue())));
    }

    private static boolean isFixed(String operator, String key, List<String> values) {
        if (values.isEmpty()) {
            return false;
        }
        if (key.equals(SOURCE_IP)) {
            return operator.equals("ipaddress") && values.stream().allMatch(BucketPolicy::isNarrow);
        }
        return RESTRICTING_OPERATORS.contains(operator)
                && RESTRICTING_KEYS.contains(key)
                && values.stream().allMatch(value -> isFixedValue(key, value));
    }

    /// A wildcard or a policy variable makes a value open; the name of an access point may have
    /// one, if its account is fixed.
    private static boolean isFixedValue(String key, String value) {
        var checked =
                key.equals("s3:dataaccesspointarn")
                        ? value.replaceFirst("(:[0-9]{12}:accesspoint/).*", "$1")
                        : value;
        return !checked.matches(".*([*?]|\\$\\{).*") && !checked.isEmpty();
    }

    private static boolean isNarrow(String range) {
        int slash = range.indexOf('/');
        if (slash < 0) {
            return true;
        }
        var length = range.substring(slash + 1);
        return length.matches("[0-9]{1,3}")
                && Integer.parseInt(length) >= (range.contains(":") ? WIDEST_IPV6 : WIDEST_IPV4);
    }

    private static List<JsonNode> statements(JsonNode policy) {
        var statements = policy.path("Statement");
        return statements.isArray() ? statements.valueStream().toList() : List.of(statements);
    }

    /// The strings of elements that are each a string, a list of strings or absent.
    private static List<String> texts(JsonNode... elements) {
        var texts = new ArrayList<String>();
        for (var element : elements) {
            if (element.isArray()) {
                element.forEach(one -> texts.add(text(one)));
            } else if (!element.isMissingNode()) {
                texts.add(text(element));
            }
        }
        return texts;
    }

    private static String text(JsonNode value) {
        if (value.isString()) {
            return value.stringValue();
        }
        if (value.isBoolean() || value.isNumber()) {
            return value.asString();
        }
        throw malformed("Invalid policy syntax.");
    }

    static AwsErrorException malformed(String message) {
        return AwsErrorException.client("MalformedPolicy", message);
    }

    /// The error for a public policy of a bucket that blocks them.
    static AwsErrorException blocked(String bucket) {
        return AwsErrorException.withStatus(
                403,
                "AccessDenied",
                "User: arn:aws:iam::%s:root is not authorized to perform: s3:PutBucketPolicy on"
                                .formatted(HttpGateway.ACCOUNT)
                        + " resource: \"arn:aws:s3:::%s\" because public policies are prevented by"
                                .formatted(bucket)
                        + " the BlockPublicPolicy setting in S3 Block Public Access.");
    }

    /// The document of `GetBucketPolicyStatus`.
    static byte[] status(byte[] policy) {
        return S3Xml.document(
                "PolicyStatus", xml -> xml.put("IsPublic", Boolean.toString(isPublic(policy))));
    }
}
