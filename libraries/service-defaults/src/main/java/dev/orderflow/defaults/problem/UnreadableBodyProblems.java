package dev.orderflow.defaults.problem;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/// Creates the problem for a body that cannot be parsed: it names the field and the rule, and never
/// quotes messages of Jackson, which contain names of Java types.
final class UnreadableBodyProblems {

    /// The longest quotation of an unknown field name.
    private static final int LONGEST_NAME = 64;

    private static final String BEYOND_LIMITS =
            ("has a number of more than %d digits or with too large an exponent,"
                            + " or more than %d levels of objects and lists")
                    .formatted(
                            StreamReadConstraints.defaults().getMaxNumberLength(),
                            StreamReadConstraints.defaults().getMaxNestingDepth());

    private UnreadableBodyProblems() {}

    static Problem problem(HttpMessageNotReadableException unreadable) {
        return unreadable.getCause() instanceof JacksonException refused
                ? problem(refused)
                : malformed().detail("The body is missing or cannot be read.");
    }

    private static Problem problem(JacksonException refused) {
        if (isBeyondLimits(refused)) {
            return malformed(path(refused), BEYOND_LIMITS);
        }
        var syntax = syntaxError(refused);
        if (syntax != null) {
            return malformed()
                    .detail(
                            "%s at line %d, column %d."
                                    .formatted(
                                            syntax.getOriginalMessage().startsWith("Duplicate")
                                                    ? "Duplicate member"
                                                    : "Invalid JSON",
                                            syntax.getLocation().getLineNr(),
                                            syntax.getLocation().getColumnNr()));
        }
        var invalid = InvalidValueMessage.find(refused);
        var field = path(refused);
        if (invalid.isPresent()) {
            return malformed(path(field, invalid.get().name()), invalid.get().rule());
        }
        return malformed(field, rule(refused));
    }

    private static boolean isBeyondLimits(Throwable refused) {
        for (var cause = refused; cause != null; cause = cause.getCause()) {
            if (cause instanceof StreamConstraintsException) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable StreamReadException syntaxError(Throwable refused) {
        for (var cause = refused; cause != null; cause = cause.getCause()) {
            if (cause instanceof StreamReadException syntax
                    && !(syntax instanceof InputCoercionException)) {
                return syntax;
            }
        }
        return null;
    }

    private static String rule(Throwable refused) {
        return switch (refused) {
            case UnrecognizedPropertyException _ -> "is not a known field";
            case InputCoercionException number ->
                    ValueRules.of(number.getTargetType()) + " in its range";
            case InvalidNullException _ -> "must not be null";
            // The constructor of a value type threw an exception without a message for callers.
            case ValueInstantiationException _ -> "must have a valid value";
            case MismatchedInputException missing
                    when missing.getOriginalMessage().startsWith("Missing") ->
                    "must be sent";
            case MismatchedInputException other when other.getTargetType() != null ->
                    ValueRules.of(other.getTargetType());
            default ->
                    refused.getCause() instanceof JacksonException cause
                            ? rule(cause)
                            : "must have a valid value";
        };
    }

    /// A value that a type such as [dev.orderflow.contracts.value.Sku] reads from a JSON
    /// string has the name of its field; one that the constructor of an object checks is a field of
    /// that object.
    private static String path(String field, String value) {
        if (field.isEmpty()) {
            return value;
        }
        return field.equals(value) || field.endsWith("." + value) ? field : field + "." + value;
    }

    /// The path of a field, such as `lines[0].sku`; empty for the body itself.
    private static String path(JacksonException refused) {
        var path = new StringBuilder();
        for (var step : refused.getPath()) {
            var name = step.getPropertyName();
            if (name == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".")
                        .append(name, 0, Math.min(name.length(), LONGEST_NAME));
            }
        }
        return path.toString();
    }

    private static Problem malformed(String field, String rule) {
        return field.isEmpty()
                ? malformed().detail("The body %s.".formatted(rule))
                : malformed()
                        .detail("`%s` %s.".formatted(field, rule))
                        .with("errors", List.of(Map.of("field", field, "message", rule)));
    }

    private static Problem malformed() {
        return Problem.of(HttpStatus.BAD_REQUEST, "malformed-body", "Malformed body");
    }
}
