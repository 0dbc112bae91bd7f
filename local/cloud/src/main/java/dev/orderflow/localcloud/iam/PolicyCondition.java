package dev.orderflow.localcloud.iam;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One condition key of a policy statement.
///
/// @param operator operator as written in the policy, for error messages
/// @param key condition key, for example `aws:SourceArn`
/// @param values allowed values; one must match
/// @param ifExists whether an absent key counts as a match
/// @param negated whether no value may match
/// @param hasVariables whether the values may contain policy variables
record PolicyCondition(
        String operator,
        String key,
        List<String> values,
        boolean ifExists,
        boolean negated,
        boolean hasVariables,
        BiPredicate<String, String> comparison) {

    private static final String IF_EXISTS = "IfExists";

    PolicyCondition {
        values = List.copyOf(values);
    }

    /// @param hasVariables whether the policy's version has policy variables
    /// @throws IllegalArgumentException when the local cloud does not have an operator or a key
    static List<PolicyCondition> of(JsonNode conditions, boolean hasVariables) {
        var all = new ArrayList<PolicyCondition>();
        for (var byOperator : conditions.properties()) {
            for (var byKey : byOperator.getValue().properties()) {
                all.add(
                        of(
                                byOperator.getKey(),
                                byKey.getKey(),
                                PolicyDocument.texts(byKey.getValue()),
                                hasVariables));
            }
        }
        return all;
    }

    private static PolicyCondition of(
            String operator, String key, List<String> values, boolean hasVariables) {
        boolean ifExists = operator.endsWith(IF_EXISTS);
        var name =
                ifExists ? operator.substring(0, operator.length() - IF_EXISTS.length()) : operator;
        if (ifExists && name.equals("Null")) {
            throw new IllegalArgumentException(
                    "MalformedPolicyDocument: there is no condition operator " + operator);
        }
        var comparison = comparison(operator, name);
        ConditionKeys.requireFilled(key);
        boolean negated = name.contains("Not");
        boolean mayHaveVariables = name.startsWith("String") || name.startsWith("Arn");
        if (hasVariables && mayHaveVariables) {
            values.forEach(it -> PolicyVariables.names(it).forEach(ConditionKeys::requireFilled));
        }
        return new PolicyCondition(
                operator,
                key,
                values,
                ifExists,
                negated,
                hasVariables && mayHaveVariables,
                comparison);
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
            case "Bool" -> (wanted, given) -> isBoolean(wanted) && wanted.equalsIgnoreCase(given);
            case "Null" -> (_, _) -> true;
            case String other when other.startsWith("Numeric") ->
                    ordered(operator, other.substring("Numeric".length()), PolicyCondition::number);
            case String other when other.startsWith("Date") ->
                    ordered(operator, other.substring("Date".length()), PolicyCondition::date);
            default -> throw unknown(operator);
        };
    }

    private static IllegalArgumentException unknown(String operator) {
        return new IllegalArgumentException(
                "the local cloud does not have the condition operator " + operator);
    }

    /// A value that cannot be read compares with nothing.
    private static <T extends Comparable<T>> BiPredicate<String, String> ordered(
            String operator, String relation, Function<String, Optional<T>> read) {
        IntPredicate order =
                switch (relation) {
                    case "Equals", "NotEquals" -> it -> it == 0;
                    case "LessThan" -> it -> it < 0;
                    case "LessThanEquals" -> it -> it <= 0;
                    case "GreaterThan" -> it -> it > 0;
                    case "GreaterThanEquals" -> it -> it >= 0;
                    default -> throw unknown(operator);
                };
        return (wanted, given) -> {
            var one = read.apply(given);
            var other = read.apply(wanted);
            return one.isPresent()
                    && other.isPresent()
                    && order.test(one.get().compareTo(other.get()));
        };
    }

    private static boolean isBoolean(String text) {
        return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
    }

    private static Optional<BigDecimal> number(String text) {
        try {
            return Optional.of(new BigDecimal(text.strip()));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /// A date of ISO 8601 as the [W3C's note](https://www.w3.org/TR/NOTE-datetime) has it, or
    /// seconds since 1970.
    private static Optional<Instant> date(String text) {
        var stripped = text.strip();
        try {
            if (stripped.matches("[0-9]{5,12}")) {
                return Optional.of(Instant.ofEpochSecond(Long.parseLong(stripped)));
            }
            return Optional.of(
                    stripped.length() == "2026-01-01".length()
                            ? LocalDate.parse(stripped).atStartOfDay(ZoneOffset.UTC).toInstant()
                            : OffsetDateTime.parse(stripped).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /// Whether a request with these keys meets the condition.
    ///
    /// @param keys condition keys of the request; names are case-insensitive
    boolean matches(Map<String, String> keys) {
        var given = find(keys, key);
        if (operator.startsWith("Null")) {
            return values.stream().anyMatch(Boolean.toString(given == null)::equalsIgnoreCase);
        }
        if (given == null) {
            // A negated operator matches if the key is absent.
            return ifExists || negated;
        }
        boolean matches =
                values.stream()
                        .flatMap(value -> resolved(value, keys).stream())
                        .anyMatch(wanted -> comparison.test(wanted, given));
        return matches != negated;
    }

    private Optional<String> resolved(String value, Map<String, String> keys) {
        if (!hasVariables) {
            return Optional.of(value);
        }
        return operator.contains("Like") || operator.startsWith("Arn")
                ? PolicyVariables.resolvePattern(value, keys)
                : PolicyVariables.resolve(value, keys);
    }

    /// The value of a key, whatever the case of its name.
    static @Nullable String find(Map<String, String> keys, String key) {
        for (var entry : keys.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(key)) {
                return entry.getValue();
            }
        }
        return null;
    }
}
