package dev.orderflow.localcloud.stepfunctions;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// The data flow of a JSONPath state: `InputPath`, `Parameters`, `ResultSelector`, `ResultPath`,
/// `OutputPath` and `Assign`.
final class JsonPathDataFlow implements StateDataFlow {

    private final AslState.StateHead head;
    private final JsonNode rawInput;
    private final Map<String, JsonNode> variables;
    private final JsonPathScope scope;

    JsonPathDataFlow(
            AslState.StateHead head,
            JsonNode rawInput,
            JsonNode context,
            Map<String, JsonNode> variables) {
        this.head = head;
        this.rawInput = rawInput;
        this.variables = variables;
        JsonPathScope raw = new JsonPathScope(rawInput, context, variables);
        this.scope = raw.over(raw.select(head.field("InputPath"), "InputPath"));
    }

    @Override
    public JsonNode arguments() {
        return head.fields().has("Parameters")
                ? scope.template(head.field("Parameters"))
                : scope.input();
    }

    @Override
    public JsonNode passResult() {
        return head.fields().has("Result") ? head.field("Result") : arguments();
    }

    @Override
    public StateOutput resultOutput(JsonNode result) {
        JsonPathScope ofResult = scope.over(result);
        JsonNode selected =
                head.fields().has("ResultSelector")
                        ? ofResult.template(head.field("ResultSelector"))
                        : result;
        JsonNode placed = JsonPathScope.place(head.field("ResultPath"), rawInput, selected);
        return new StateOutput(
                scope.over(placed).select(head.field("OutputPath"), "OutputPath"),
                assigned(head.field("Assign"), ofResult));
    }

    @Override
    public StateOutput passThroughOutput() {
        return new StateOutput(
                scope.select(head.field("OutputPath"), "OutputPath"),
                assigned(head.field("Assign"), scope));
    }

    @Override
    public StateOutput catchOutput(AslState.Catcher catcher, JsonNode errorOutput) {
        return new StateOutput(
                JsonPathScope.place(catcher.fields().path("ResultPath"), rawInput, errorOutput),
                assigned(catcher.fields().path("Assign"), scope.over(errorOutput)));
    }

    @Override
    public boolean matches(AslState.ChoiceRule rule) {
        return ChoiceComparison.holds(rule.fields(), scope);
    }

    @Override
    public StateOutput choiceOutput(AslState.@Nullable ChoiceRule rule) {
        return new StateOutput(
                scope.select(head.field("OutputPath"), "OutputPath"),
                assigned(
                        rule == null ? head.field("Assign") : rule.fields().path("Assign"), scope));
    }

    private static Map<String, JsonNode> assigned(JsonNode assign, JsonPathScope scope) {
        var assigned = new LinkedHashMap<String, JsonNode>();
        if (assign.isObject()) {
            scope.template(assign)
                    .properties()
                    .forEach(e -> assigned.put(e.getKey(), e.getValue()));
        }
        return assigned;
    }

    @Override
    public @Nullable Duration seconds(String field) {
        if (head.fields().has(field)) {
            return Duration.ofSeconds(head.field(field).longValue());
        }
        String pathField = field + "Path";
        if (!head.fields().has(pathField)) {
            return null;
        }
        String path = head.field(pathField).stringValue();
        JsonNode value = scope.read(path, pathField);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 1) {
            throw StateFailedException.runtime(
                    "The %s parameter does not reference a positive integer: %s == %s"
                            .formatted(pathField, path, StepFunctionsJson.text(value)));
        }
        return Duration.ofSeconds(value.longValue());
    }

    @Override
    public Duration waitDuration(Instant now) {
        if (head.fields().has("Seconds")) {
            return Duration.ofSeconds(head.field("Seconds").longValue());
        }
        if (head.fields().has("SecondsPath")) {
            return secondsAt(head.field("SecondsPath").stringValue());
        }
        if (head.fields().has("Timestamp")) {
            return until(
                    OffsetDateTime.parse(head.field("Timestamp").stringValue()).toInstant(), now);
        }
        String path = head.field("TimestampPath").stringValue();
        JsonNode value = scope.read(path, "TimestampPath");
        String text = StepFunctionsJson.stringOrJson(value);
        try {
            return until(OffsetDateTime.parse(text).toInstant(), now);
        } catch (DateTimeException _) {
            throw StateFailedException.runtime(
                    "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s"
                            .formatted(path, text));
        }
    }

    private Duration secondsAt(String path) {
        JsonNode value = scope.read(path, "SecondsPath");
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw StateFailedException.runtime(
                    "The SecondsPath parameter cannot be parsed as a long value: %s == %s"
                            .formatted(
                                    path,
                                    value.isString()
                                            ? value.stringValue()
                                            : StepFunctionsJson.text(value)));
        }
        long seconds = value.longValue();
        if (seconds < 0) {
            throw StateFailedException.runtime(
                    "The SecondsPath parameter references a negative value: %s == %d"
                            .formatted(path, seconds));
        }
        if (seconds > LONGEST_WAIT) {
            throw StateFailedException.runtime("Wait state delay is too long.");
        }
        return Duration.ofSeconds(seconds);
    }

    /// The time until an instant, zero if it has passed.
    static Duration until(Instant moment, Instant now) {
        Duration left = Duration.between(now, moment);
        if (left.toSeconds() > LONGEST_WAIT) {
            throw StateFailedException.runtime("Wait state delay is too long.");
        }
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public @Nullable String failText(String field) {
        if (head.fields().has(field)) {
            return head.field(field).stringValue();
        }
        String pathField = field + "Path";
        if (!head.fields().has(pathField)) {
            return null;
        }
        String path = head.field(pathField).stringValue();
        JsonNode value = scope.pathOrFunction(path, pathField);
        if (!value.isString()) {
            throw StateFailedException.runtime(
                    "The %s parameter does not reference a string: %s == %s"
                            .formatted(pathField, path, StepFunctionsJson.text(value)));
        }
        return value.stringValue();
    }

    @Override
    public ArrayNode items() {
        String path = head.field("ItemsPath").asString("$");
        if (scope.read(path, "ItemsPath") instanceof ArrayNode array) {
            return array;
        }
        throw StateFailedException.runtime(
                "Reference path \"%s\" must point to array.".formatted(path));
    }

    @Override
    public JsonNode itemInput(JsonNode item, JsonNode itemContext) {
        String field = head.fields().has("ItemSelector") ? "ItemSelector" : "Parameters";
        return head.fields().has(field)
                ? new JsonPathScope(scope.input(), itemContext, variables)
                        .template(head.field(field))
                : item;
    }

    @Override
    public int maxConcurrency() {
        if (head.fields().has("MaxConcurrency")) {
            return head.field("MaxConcurrency").intValue();
        }
        if (!head.fields().has("MaxConcurrencyPath")) {
            return 0;
        }
        String path = head.field("MaxConcurrencyPath").stringValue();
        JsonNode value = scope.read(path, "MaxConcurrencyPath");
        if (!value.isInt() || value.intValue() < 0) {
            throw StateFailedException.runtime(
                    "The MaxConcurrencyPath parameter does not reference a non-negative integer: %s == %s"
                            .formatted(path, StepFunctionsJson.text(value)));
        }
        return value.intValue();
    }
}
