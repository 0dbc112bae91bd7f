package dev.orderflow.localcloud.iam;

import java.util.List;
import java.util.Map;
import java.util.Set;
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
record PolicyStatement(
        String sid,
        boolean allows,
        List<String> principals,
        List<String> actions,
        List<String> resources,
        List<PolicyCondition> conditions) {

    private static final Set<String> ELEMENTS =
            Set.of("Sid", "Effect", "Principal", "Action", "Resource", "Condition");

    PolicyStatement {
        principals = List.copyOf(principals);
        actions = List.copyOf(actions);
        resources = List.copyOf(resources);
        conditions = List.copyOf(conditions);
    }

    /// @throws IllegalArgumentException if the local cloud does not support an element
    static PolicyStatement of(JsonNode statement, int place) {
        for (var element : statement.propertyNames()) {
            if (!ELEMENTS.contains(element)) {
                throw new IllegalArgumentException(
                        "local-cloud does not support the policy element " + element);
            }
        }
        var effect = statement.path("Effect").asString("");
        if (!effect.equals("Allow") && !effect.equals("Deny")) {
            throw new IllegalArgumentException("Effect must be Allow or Deny but was " + effect);
        }
        return new PolicyStatement(
                statement.path("Sid").asString("#" + place),
                effect.equals("Allow"),
                principals(statement.path("Principal")),
                PolicyDocument.texts(statement.path("Action")),
                PolicyDocument.texts(statement.path("Resource")),
                PolicyCondition.of(statement.path("Condition")));
    }

    private static List<String> principals(JsonNode principal) {
        if (principal.isString()) {
            return List.of("AWS:" + principal.stringValue());
        }
        return principal.properties().stream()
                .flatMap(
                        byKind ->
                                PolicyDocument.texts(byKind.getValue()).stream()
                                        .map(name -> byKind.getKey() + ":" + name))
                .toList();
    }

    /// Whether the statement applies to this action, resource and condition keys.
    boolean covers(String action, String resource, Map<String, String> keys) {
        return coversAction(action) && coversResource(resource) && conditionsMatch(keys);
    }

    boolean coversAction(String action) {
        return actions.stream().anyMatch(pattern -> WildcardMatcher.matchesAction(pattern, action));
    }

    boolean coversResource(String resource) {
        return resources.stream().anyMatch(pattern -> WildcardMatcher.matches(pattern, resource));
    }

    boolean conditionsMatch(Map<String, String> keys) {
        return conditions.stream().allMatch(condition -> condition.matches(keys));
    }

    /// Whether the statement applies to the principal.
    boolean matchesPrincipal(String principal) {
        return principals.contains(principal) || principals.contains("AWS:*");
    }
}
