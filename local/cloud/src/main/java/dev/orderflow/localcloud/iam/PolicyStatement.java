package dev.orderflow.localcloud.iam;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// One
/// [statement](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html)
/// of a policy.
///
/// @param sid its name, or its place in the policy where it has none
/// @param allows or denies
/// @param principals whom it is about, as `AWS:…` and `Service:…`; empty in an identity policy
/// @param actions that it is about, with wildcards
/// @param resources that it is about, with wildcards; empty in a trust policy
/// @param conditions that must all be met
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

    /// @throws IllegalArgumentException when it has an element that the local cloud does not know
    static PolicyStatement of(JsonNode statement, int place) {
        for (var element : statement.propertyNames()) {
            if (!ELEMENTS.contains(element)) {
                throw new IllegalArgumentException(
                        "the local cloud does not have the policy element " + element);
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

    /// Whether it is about this action on this resource under these conditions.
    boolean covers(String action, String resource, Map<String, String> keys) {
        return coversAction(action) && coversResource(resource) && areConditionsMetBy(keys);
    }

    boolean coversAction(String action) {
        return actions.stream().anyMatch(pattern -> WildcardMatcher.matchesAction(pattern, action));
    }

    boolean coversResource(String resource) {
        return resources.stream().anyMatch(pattern -> WildcardMatcher.matches(pattern, resource));
    }

    boolean areConditionsMetBy(Map<String, String> keys) {
        return conditions.stream().allMatch(condition -> condition.isMetBy(keys));
    }

    /// Whether it names the principal, or everybody.
    boolean names(String principal) {
        return principals.contains(principal) || principals.contains("AWS:*");
    }
}
