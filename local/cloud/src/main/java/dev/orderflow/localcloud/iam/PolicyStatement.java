package dev.orderflow.localcloud.iam;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// One
/// [statement](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html)
/// of a policy.
///
/// @param sid id of the statement, or its position in the policy
/// @param allows true for `Allow`, false for `Deny`
/// @param principals principals as `AWS:…` and `Service:…`; empty in an identity policy
/// @param actions actions, wildcards included
/// @param resources resources, wildcards included; empty in a trust policy
/// @param conditions conditions, all of which must match
/// @param hasVariables whether the resources may contain policy variables
record PolicyStatement(
        String sid,
        boolean allows,
        List<String> principals,
        List<String> actions,
        List<String> resources,
        List<PolicyCondition> conditions,
        boolean hasVariables) {

    private static final Set<String> ELEMENTS =
            Set.of("Sid", "Effect", "Principal", "Action", "Resource", "Condition");

    private static final Set<String> KINDS_OF_PRINCIPAL = Set.of("AWS", "Service");
    private static final Pattern ACCOUNT_ID = Pattern.compile("[0-9]{12}");

    PolicyStatement {
        principals = List.copyOf(principals);
        actions = List.copyOf(actions);
        resources = List.copyOf(resources);
        conditions = List.copyOf(conditions);
    }

    /// @throws IllegalArgumentException if the local cloud does not support an element
    static PolicyStatement of(JsonNode statement, int place, boolean hasVariables) {
        for (var element : statement.propertyNames()) {
            if (!ELEMENTS.contains(element)) {
                throw new IllegalArgumentException(
                        "local-cloud does not support the policy element " + element);
            }
        }
        var effect = statement.path("Effect").asString("");
        if (!effect.equals("Allow") && !effect.equals("Deny")) {
            throw PolicyDocument.malformed("Effect must be Allow or Deny but was " + effect);
        }
        if (PolicyDocument.texts(statement.path("Action")).isEmpty()) {
            throw PolicyDocument.malformed("Policy statement must contain actions.");
        }
        var resources = PolicyDocument.texts(statement.path("Resource"));
        if (hasVariables) {
            resources.forEach(
                    it -> PolicyVariables.names(it).forEach(ConditionKeys::requireFilled));
        }
        return new PolicyStatement(
                statement.path("Sid").asString("#" + place),
                effect.equals("Allow"),
                principals(statement.path("Principal")),
                PolicyDocument.texts(statement.path("Action")),
                resources,
                PolicyCondition.of(statement.path("Condition"), hasVariables),
                hasVariables);
    }

    private static List<String> principals(JsonNode principal) {
        if (principal.isString()) {
            return List.of("AWS:" + principal.stringValue());
        }
        return principal.properties().stream()
                .flatMap(
                        byKind ->
                                PolicyDocument.texts(byKind.getValue()).stream()
                                        .map(name -> principal(byKind.getKey(), name)))
                .toList();
    }

    /// The id of an account is short for its root.
    private static String principal(String kind, String name) {
        if (!KINDS_OF_PRINCIPAL.contains(kind)) {
            throw new IllegalArgumentException(
                    "the local cloud does not have principals of the kind " + kind);
        }
        return kind.equals("AWS") && ACCOUNT_ID.matcher(name).matches()
                ? accountPrincipal(name)
                : kind + ":" + name;
    }

    /// Everybody in an account.
    static String accountPrincipal(String accountId) {
        return "AWS:arn:aws:iam::%s:root".formatted(accountId);
    }

    /// Whether the statement applies to this action, resource and condition keys.
    boolean covers(String action, String resource, Map<String, String> keys) {
        return coversAction(action) && coversResource(resource, keys) && conditionsMatch(keys);
    }

    boolean coversAction(String action) {
        return actions.stream().anyMatch(pattern -> WildcardMatcher.matchesAction(pattern, action));
    }

    boolean coversResource(String resource, Map<String, String> keys) {
        return resources.stream().anyMatch(pattern -> matches(pattern, resource, keys));
    }

    /// Whether one of its resources, as the statement writes it, is this one.
    boolean matches(String pattern, String resource, Map<String, String> keys) {
        return hasVariables
                ? PolicyVariables.resolvePattern(pattern, keys)
                        .filter(it -> WildcardMatcher.matches(it, resource))
                        .isPresent()
                : WildcardMatcher.matches(pattern, resource);
    }

    boolean conditionsMatch(Map<String, String> keys) {
        return conditions.stream().allMatch(condition -> condition.matches(keys));
    }

    /// Whether the statement applies to the principal.
    boolean matchesPrincipal(String principal) {
        return principals.contains(principal) || principals.contains("AWS:*");
    }

    /// Whether it denies something to the principal. A denial that names an account is about
    /// everybody in it; an allowance leaves it to the account's own policies
    /// (see "Principal" in the IAM user guide).
    boolean deniesTo(String principal) {
        return !allows
                && (matchesPrincipal(principal)
                        || principal.startsWith("AWS:arn:")
                                && principals.contains(
                                        accountPrincipal(
                                                AccessControl.accountOf(principal.substring(4)))));
    }
}
