package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.stepfunctions.JsonataScope.ExpectedKind;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// The data flow of a JSONata state: `Arguments`, `Output` and `Assign`.
final class JsonataDataFlow implements StateDataFlow {

    private final AslState.StateHead head;
    private final JsonNode input;
    private final Map<String, JsonNode> variables;
    private final JsonataScope scope;

    JsonataDataFlow(
            AslState.StateHead head,
            JsonNode input,
            JsonNode context,
            Map<String, JsonNode> variables) {
        this.head = head;
        this.input = input;
        this.variables = variables;
        this.scope = new JsonataScope(input, context, variables);
    }

    @Override
    public JsonNode arguments() {
        return head.fields().has("Arguments")
                ? scope.value(head.field("Arguments"), "Arguments")
                : input;
    }

    @Override
    public JsonNode passResult() {
        return input;
    }

    @Override
    public StateOutput resultOutput(JsonNode result) {
        return step(
                head.fields(),
                "",
                head.field("Type").stringValue().equals("Pass") ? scope : scope.withResult(result),
                result);
    }

    @Override
    public StateOutput passThroughOutput() {
        return step(head.fields(), "", scope, input);
    }

    @Override
    public StateOutput catchOutput(AslState.Catcher catcher, JsonNode errorOutput) {
        return step(
                catcher.fields(),
                "Catch[" + catcher.index() + "]/",
                scope.withErrorOutput(errorOutput),
                errorOutput);
    }

    @Override
    public boolean matches(AslState.ChoiceRule rule) {
        return scope.value(
                        rule.fields().path("Condition"),
                        "Choices[" + rule.index() + "]/Condition",
                        ExpectedKind.BOOLEAN)
                .booleanValue();
    }

    @Override
    public StateOutput choiceOutput(AslState.@Nullable ChoiceRule rule) {
        return rule == null
                ? step(head.fields(), "", scope, input)
                : step(rule.fields(), "Choices[" + rule.index() + "]/", scope, input);
    }

    /// `Assign` and `Output` are evaluated with the same variables; neither sees the other's
    /// result.
    private static StateOutput step(
            JsonNode fields, String prefix, JsonataScope scope, JsonNode otherwise) {
        var assigned = new LinkedHashMap<String, JsonNode>();
        fields.path("Assign")
                .properties()
                .forEach(
                        e ->
                                assigned.put(
                                        e.getKey(),
                                        scope.value(
                                                e.getValue(), prefix + "Assign/" + e.getKey())));
        JsonNode output =
                fields.has("Output")
                        ? scope.value(fields.path("Output"), prefix + "Output")
                        : otherwise;
        return new StateOutput(output, assigned);
    }

    @Override
    public @Nullable Duration seconds(String field) {
        if (!head.fields().has(field)) {
            return null;
        }
        long value = scope.value(head.field(field), field, ExpectedKind.INTEGER).longValue();
        if (value < 1 || value > 99_999_999) {
            throw outOfRange(field, value);
        }
        return Duration.ofSeconds(value);
    }

    private StateFailedException outOfRange(String field, long value) {
        return StateFailedException.expression(
                "The value %d of the field '%s' is out of range".formatted(value, field), field);
    }

    @Override
    public Duration waitDuration(Instant now) {
        if (head.fields().has("Seconds")) {
            long value =
                    scope.value(head.field("Seconds"), "Seconds", ExpectedKind.INTEGER).longValue();
            if (value < 0 || value > 99_999_999) {
                throw outOfRange("Seconds", value);
            }
            return Duration.ofSeconds(value);
        }
        String text =
                scope.value(head.field("Timestamp"), "Timestamp", ExpectedKind.STRING)
                        .stringValue();
        try {
            return JsonPathDataFlow.until(OffsetDateTime.parse(text).toInstant(), now);
        } catch (DateTimeException _) {
            throw StateFailedException.expression(
                    "The Timestamp parameter is not a valid ISO-8601 extended offset date-time format string: "
                            + text,
                    "Timestamp");
        }
    }

    @Override
    public @Nullable String failText(String field) {
        return head.fields().has(field)
                ? scope.value(head.field(field), field, ExpectedKind.STRING).stringValue()
                : null;
    }

    @Override
    public ArrayNode items() {
        // Without effect for an inline Map, but evaluated, as on AWS.
        for (String field : new String[] {"ToleratedFailurePercentage", "ToleratedFailureCount"}) {
            if (head.fields().has(field)) {
                JsonNode unused = scope.value(head.field(field), field, ExpectedKind.NUMBER);
            }
        }
        JsonNode items =
                head.fields().has("Items")
                        ? scope.value(head.field("Items"), "Items", ExpectedKind.ARRAY)
                        : input;
        if (items instanceof ArrayNode array) {
            return array;
        }
        throw StateFailedException.expression(
                "The state's input must be an array, because there is no field 'Items'", "Items");
    }

    @Override
    public JsonNode itemInput(JsonNode item, JsonNode context) {
        return head.fields().has("ItemSelector")
                ? new JsonataScope(input, context, variables)
                        .value(head.field("ItemSelector"), "ItemSelector")
                : item;
    }

    @Override
    public int maxConcurrency() {
        if (!head.fields().has("MaxConcurrency")) {
            return 0;
        }
        long value =
                scope.value(head.field("MaxConcurrency"), "MaxConcurrency", ExpectedKind.INTEGER)
                        .longValue();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw outOfRange("MaxConcurrency", value);
        }
        return (int) value;
    }
}
