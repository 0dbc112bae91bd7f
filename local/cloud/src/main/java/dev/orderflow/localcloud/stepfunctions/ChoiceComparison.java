package dev.orderflow.localcloud.stepfunctions;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;

/// The [comparison
/// operators](https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html) of a
/// JSONPath Choice.
final class ChoiceComparison {

    private static final Set<String> TYPE_TESTS =
            Set.of("IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp");

    /// The comparison operators, without `And`, `Or` and `Not`.
    static final Set<String> OPERATORS = operators();

    private ChoiceComparison() {}

    private static Set<String> operators() {
        Stream<String> ordered =
                Stream.of("String", "Numeric", "Timestamp")
                        .flatMap(
                                type ->
                                        Stream.of(
                                                        "Equals",
                                                        "LessThan",
                                                        "GreaterThan",
                                                        "LessThanEquals",
                                                        "GreaterThanEquals")
                                                .map(type::concat));
        return Stream.concat(
                        Stream.concat(ordered, Stream.of("BooleanEquals"))
                                .flatMap(op -> Stream.of(op, op + "Path")),
                        Stream.concat(TYPE_TESTS.stream(), Stream.of("StringMatches")))
                .collect(Collectors.toUnmodifiableSet());
    }

    static boolean holds(ObjectNode rule, JsonPathScope scope) {
        if (rule.has("Not")) {
            return !(rule.get("Not") instanceof ObjectNode inner && holds(inner, scope));
        }
        if (rule.has("And")) {
            return rule.get("And")
                    .valueStream()
                    .allMatch(r -> r instanceof ObjectNode inner && holds(inner, scope));
        }
        if (rule.has("Or")) {
            return rule.get("Or")
                    .valueStream()
                    .anyMatch(r -> r instanceof ObjectNode inner && holds(inner, scope));
        }
        String operator =
                rule.propertyStream()
                        .map(java.util.Map.Entry::getKey)
                        .filter(OPERATORS::contains)
                        .findFirst()
                        .orElseThrow();
        String variable = rule.path("Variable").stringValue();
        if (operator.equals("IsPresent")) {
            boolean wanted = rule.path(operator).booleanValue();
            return scope.find(variable, "Variable").isPresent() == wanted;
        }
        JsonNode value =
                scope.find(variable, "Variable")
                        .orElseThrow(
                                () ->
                                        StateFailedException.runtime(
                                                "Invalid path '%s': The choice state's condition path references an invalid value."
                                                        .formatted(variable)));
        if (TYPE_TESTS.contains(operator)) {
            return is(operator, value) == rule.path(operator).booleanValue();
        }
        JsonNode operand = rule.path(operator);
        if (operator.endsWith("Path")) {
            operand = scope.read(operand.stringValue(), operator);
            operator = operator.substring(0, operator.length() - 4);
        }
        return compare(operator, value, operand);
    }

    private static boolean is(String test, JsonNode value) {
        return switch (test) {
            case "IsNull" -> value.isNull();
            case "IsNumeric" -> value.isNumber();
            case "IsString" -> value.isString();
            case "IsBoolean" -> value.isBoolean();
            default -> timestamp(value) != null;
        };
    }

    private static boolean compare(String operator, JsonNode value, JsonNode operand) {
        if (operator.equals("BooleanEquals")) {
            return value.isBoolean()
                    && operand.isBoolean()
                    && value.booleanValue() == operand.booleanValue();
        }
        if (operator.equals("StringMatches")) {
            return value.isString() && matches(value.stringValue(), operand.stringValue());
        }
        if (operator.startsWith("String")) {
            return value.isString()
                    && operand.isString()
                    && order(operator.substring(6))
                            .test(value.stringValue().compareTo(operand.stringValue()));
        }
        if (operator.startsWith("Numeric")) {
            return value instanceof NumericNode left
                    && operand instanceof NumericNode right
                    && order(operator.substring(7)).test(compareNumbers(left, right));
        }
        OffsetDateTime left = timestamp(value);
        OffsetDateTime right = timestamp(operand);
        return left != null
                && right != null
                && order(operator.substring(9)).test(left.toInstant().compareTo(right.toInstant()));
    }

    /// JSON such as `1e400` is read as an infinite double, which no decimal can hold.
    private static int compareNumbers(NumericNode left, NumericNode right) {
        return left.isNaN() || right.isNaN()
                ? Double.compare(infinityOrZero(left), infinityOrZero(right))
                : left.decimalValue().compareTo(right.decimalValue());
    }

    private static double infinityOrZero(NumericNode number) {
        return number.isNaN() ? number.doubleValue() : 0;
    }

    private static IntPredicate order(String relation) {
        return switch (relation) {
            case "Equals" -> c -> c == 0;
            case "LessThan" -> c -> c < 0;
            case "GreaterThan" -> c -> c > 0;
            case "LessThanEquals" -> c -> c <= 0;
            default -> c -> c >= 0;
        };
    }

    private static @Nullable OffsetDateTime timestamp(JsonNode value) {
        if (!value.isString()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(value.stringValue());
        } catch (DateTimeException _) {
            return null;
        }
    }

    /// `*` matches any characters, a backslash escapes. Needs linear memory and backtracks only to
    /// the last star, so no pattern can run without bound.
    private static boolean matches(String text, String pattern) {
        int t = 0;
        int p = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            boolean escaped = p + 1 < pattern.length() && pattern.charAt(p) == '\\';
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length()
                    && text.charAt(t) == pattern.charAt(escaped ? p + 1 : p)) {
                p += escaped ? 2 : 1;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
