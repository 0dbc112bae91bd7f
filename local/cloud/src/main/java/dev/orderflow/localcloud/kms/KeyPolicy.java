package dev.orderflow.localcloud.kms;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Validates [key
/// policies](https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html). They are
/// stored and returned; permissions are set with `LocalCloud.accessControl()`.
final class KeyPolicy {

    private static final Set<String> ELEMENTS =
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

    private KeyPolicy() {}

    /// @param bypassesLockoutCheck whether the policy may lock its account out
    /// @throws AwsErrorException `MalformedPolicyDocumentException`
    static void require(String policy, String account, boolean bypassesLockoutCheck) {
        JsonNode document;
        try {
            document = JsonMapper.shared().readTree(policy);
        } catch (JacksonException _) {
            throw malformed("Policy contains invalid JSON");
        }
        if (!document.isObject() || !document.has("Statement")) {
            throw malformed("Policy contains a statement with one or more invalid elements.");
        }
        var given = document.path("Statement");
        var statements = given.isArray() ? given.valueStream().toList() : List.of(given);
        statements.forEach(KeyPolicy::requireStatement);
        if (!bypassesLockoutCheck
                && statements.stream().noneMatch(it -> allowsPuttingPolicies(it, account))) {
            throw malformed(
                    "The new key policy will not allow you to update the key policy in the future.");
        }
    }

    private static void requireStatement(JsonNode statement) {
        boolean complete =
                statement.isObject()
                        && ELEMENTS.containsAll(statement.propertyNames())
                        && Set.of("Allow", "Deny").contains(statement.path("Effect").asString(""))
                        && List.of("Principal", "Action", "Resource").stream()
                                .allMatch(it -> statement.has(it) != statement.has("Not" + it));
        if (!complete) {
            throw malformed("Policy contains a statement with one or more invalid elements.");
        }
    }

    private static boolean allowsPuttingPolicies(JsonNode statement, String account) {
        return statement.path("Effect").asString("").equals("Allow")
                && (statement.has("NotAction")
                        || texts(statement.path("Action")).stream()
                                .anyMatch(KeyPolicy::coversPutKeyPolicy))
                && (statement.has("NotPrincipal") || names(statement.path("Principal"), account));
    }

    private static boolean coversPutKeyPolicy(String action) {
        return "kms:putkeypolicy"
                .matches(
                        "\\Q"
                                + action.toLowerCase(Locale.ROOT)
                                        .replace("*", "\\E.*\\Q")
                                        .replace("?", "\\E.\\Q")
                                + "\\E");
    }

    private static boolean names(JsonNode principal, String account) {
        return principal.asString("").equals("*")
                || texts(principal.path("AWS")).stream()
                        .anyMatch(
                                name ->
                                        name.equals("*")
                                                || name.equals(account)
                                                || name.contains("::" + account + ":"));
    }

    private static List<String> texts(JsonNode oneOrMany) {
        var texts = new ArrayList<String>();
        if (oneOrMany.isArray()) {
            oneOrMany.forEach(one -> texts.add(one.asString("")));
        } else {
            texts.add(oneOrMany.asString(""));
        }
        return texts;
    }

    private static AwsErrorException malformed(String message) {
        return AwsErrorException.client("MalformedPolicyDocumentException", message);
    }
}
