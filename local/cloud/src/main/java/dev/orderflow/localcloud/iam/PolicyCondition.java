package dev.orderflow.localcloud.iam;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One condition key of a policy statement.
///
/// @param operator operator as written in the policy, for error messages
/// @param key condition key, for example `aws:SourceArn`
/// @param values allowed values; one must match
/// @param ifExists whether an absent key counts as a match
/// @param negated whether no value may match
record PolicyCondition(
        String operator,
        String key,
        List<String> values,
        boolean ifExists,
        boolean negated,
        BiPredicate<String, String> comparison) {

    private static final String IF_EXISTS = "IfExists";

    PolicyCondition {
        values = List.copyOf(values);
    }

    /// @throws IllegalArgumentException if the local cloud does not support the operator
    static List<PolicyCondition> of(JsonNode conditions) {
        var all = new ArrayList<PolicyCondition>();
        for (var byOperator : conditions.properties()) {
            for (var byKey : byOperator.getValue().properties()) {
                all.add(
                        of(
                                byOperator.getKey(),
                                byKey.getKey(),
                                PolicyDocument.texts(byKey.getValue())));
            }
        }
        return all;
    }

    private static PolicyCondition of(String operator, String key, List<String> values) {
        boolean ifExists = operator.endsWith(IF_EXISTS);
        var name =
                ifExists ? operator.substring(0, operator.length() - IF_EXISTS.length()) : operator;
        boolean negated = name.contains("Not") && !name.startsWith("Null");
        return new PolicyCondition(
                operator, key, values, ifExists, negated, comparison(operator, name));
    }

    /// @return a comparison of a policy value with a request value
    private static BiPredicate<String, String> comparison(String operator, String name) {
        return switch (name) {
            case "StringEquals", "StringNotEquals" -> String::equals;
            case "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase" ->
                    (wanted, given) ->
                            wanted.toLowerCase(Locale.ROOT).equals(given.toLowerCase(Locale.ROOT));
            case "StringLike", "StringNotLike" -> WildcardMatcher::matches;
            case "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike" ->
                    WildcardMatcher::matchesArn;
            case "Bool" -> String::equalsIgnoreCase;
            case "Null" -> (_, _) -> true;
            case "NumericEquals", "NumericNotEquals" ->
                    (wanted, given) -> order(given, wanted) == 0;
            case "NumericLessThan" -> (wanted, given) -> order(given, wanted) < 0;
            case "NumericLessThanEquals" -> (wanted, given) -> order(given, wanted) <= 0;
            case "NumericGreaterThan" -> (wanted, given) -> order(given, wanted) > 0;
            case "NumericGreaterThanEquals" -> (wanted, given) -> order(given, wanted) >= 0;
            default ->
                    throw new IllegalArgumentException(
                            "local-cloud does not support the condition operator " + operator);
        };
    }

    private static int order(String one, String other) {
        return new BigDecimal(one).compareTo(new BigDecimal(other));
    }

    /// Whether a request with these keys meets the condition.
    ///
    /// @param keys condition keys of the request; names are case-insensitive
    boolean matches(Map<String, String> keys) {
        var given = find(keys);
        if (operator.startsWith("Null")) {
            return values.contains(Boolean.toString(given == null));
        }
        if (given == null) {
            // A negated operator matches if the key is absent.
            return ifExists || negated;
        }
        boolean matches = values.stream().anyMatch(wanted -> comparison.test(wanted, given));
        return matches != negated;
    }

    private @Nullable String find(Map<String, String> keys) {
        for (var entry : keys.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(key)) {
                return entry.getValue();
            }
        }
        return null;
    }
}
