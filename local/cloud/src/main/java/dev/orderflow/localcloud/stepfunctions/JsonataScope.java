package dev.orderflow.localcloud.stepfunctions;

import com.dashjoin.jsonata.Jsonata;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The values that a JSONata state's expressions can refer to: the variables and `$states`.
///
/// Immutable, because `Assign` is evaluated with the variables at the entry of the state.
final class JsonataScope {

    private final Map<String, Object> bindings = new HashMap<>();
    private final Map<String, @Nullable Object> states = new LinkedHashMap<>();

    JsonataScope(JsonNode input, JsonNode context, Map<String, JsonNode> variables) {
        variables.forEach((name, value) -> bindings.put(name, bound(value)));
        states.put("input", bound(input));
        states.put("context", bound(context));
        bindings.put("states", states);
    }

    /// Returns this scope with the result of the state.
    JsonataScope withResult(JsonNode result) {
        return with("result", result);
    }

    /// Returns this scope with the error output of a catcher.
    JsonataScope withErrorOutput(JsonNode errorOutput) {
        return with("errorOutput", errorOutput);
    }

    private JsonataScope with(String name, JsonNode value) {
        return new JsonataScope(this, name, bound(value));
    }

    private JsonataScope(JsonataScope base, String name, Object value) {
        bindings.putAll(base.bindings);
        states.putAll(base.states);
        states.put(name, value);
        bindings.put("states", states);
    }

    private static Object bound(JsonNode value) {
        Object plain = StepFunctionsJson.plain(value, Jsonata.NULL_VALUE);
        return plain == null ? Jsonata.NULL_VALUE : plain;
    }

    /// Evaluates every expression in a template.
    ///
    /// @param location field for error messages, such as `Output` or `Choices[0]/Output`
    JsonNode value(JsonNode template, String location) {
        return switch (template.getNodeType()) {
            case STRING -> {
                String text = template.stringValue();
                yield JsonataExpressions.isExpression(text)
                        ? evaluate(JsonataExpressions.unwrap(text), location)
                        : template;
            }
            case OBJECT -> {
                ObjectNode object = StepFunctionsJson.object();
                template.properties()
                        .forEach(
                                e ->
                                        object.set(
                                                e.getKey(),
                                                value(e.getValue(), location + "/" + e.getKey())));
                yield object;
            }
            case ARRAY -> {
                var array = StepFunctionsJson.NODES.arrayNode(template.size());
                for (int i = 0; i < template.size(); i++) {
                    array.add(value(template.get(i), location + "[" + i + "]"));
                }
                yield array;
            }
            default -> template;
        };
    }

    private JsonNode evaluate(String expression, String location) {
        return switch (JsonataExpressions.evaluate(expression, bindings)) {
            case JsonataExpressions.ExpressionResult.ExpressionValue(JsonNode value) -> value;
            case JsonataExpressions.ExpressionResult.ExpressionUndefined() ->
                    throw StateFailedException.expression(
                            named(expression, location) + " returned nothing (undefined).",
                            location);
            case JsonataExpressions.ExpressionResult.ExpressionFailed(String tail) ->
                    throw StateFailedException.expression(
                            named(expression, location)
                                    + " threw an error during evaluation"
                                    + tail,
                            location);
        };
    }

    private static String named(String expression, String location) {
        return "The JSONata expression '%s' specified for the field '%s'"
                .formatted(expression, location);
    }

    /// The types that AWS requires where not every JSON value is allowed.
    enum ExpectedKind {
        BOOLEAN("boolean"),
        INTEGER("number"),
        NUMBER("number"),
        STRING("string"),
        ARRAY("array"),
        OBJECT("object");

        private final String label;

        ExpectedKind(String label) {
            this.label = label;
        }

        private boolean fits(JsonNode value) {
            return switch (this) {
                case BOOLEAN -> value.isBoolean();
                case INTEGER -> value.isIntegralNumber();
                case NUMBER -> value.isNumber();
                case STRING -> value.isString();
                case ARRAY -> value.isArray();
                case OBJECT -> value.isObject();
            };
        }
    }

    /// Same as [#value], for a required type.
    JsonNode value(JsonNode template, String location, ExpectedKind kind) {
        JsonNode value = value(template, location);
        if (!kind.fits(value)) {
            String expression =
                    template.isString() && JsonataExpressions.isExpression(template.stringValue())
                            ? JsonataExpressions.unwrap(template.stringValue())
                            : template.toString();
            throw StateFailedException.expression(
                    "%s returned an unexpected result type. Expected '%s', but was '%s' for value: %s"
                            .formatted(
                                    named(expression, location),
                                    kind == ExpectedKind.INTEGER && value.isNumber()
                                            ? "integer"
                                            : kind.label,
                                    label(value),
                                    StepFunctionsJson.text(value)),
                    location);
        }
        return value;
    }

    private static String label(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            case ARRAY -> "array";
            case OBJECT -> "object";
            case NULL, MISSING, BINARY, POJO -> "null";
        };
    }
}
