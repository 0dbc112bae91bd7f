package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.stepfunctions.Diagnostic.Code;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Parses a definition into a [StateMachineDefinition].
///
/// [DefinitionValidator] checks the JSON first, so the methods that build states rely on required
/// fields and their types.
final class DefinitionParser {

    /// [AWS's quota](https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html), in
    /// bytes.
    static final int SIZE_LIMIT = 1_048_576;

    private final QueryLanguage machineLanguage;

    private DefinitionParser(QueryLanguage machineLanguage) {
        this.machineLanguage = machineLanguage;
    }

    /// Parses and validates a definition.
    static DefinitionResult parse(String text) {
        if (text.isBlank()) {
            return invalid(
                    Code.MISSING_DESCRIPTION, "Received a null or empty workflow input", null);
        }
        if (text.length() > SIZE_LIMIT
                || text.getBytes(StandardCharsets.UTF_8).length > SIZE_LIMIT) {
            return invalid(
                    Code.SCHEMA_VALIDATION_FAILED,
                    "The definition is longer than the maximum of %d bytes".formatted(SIZE_LIMIT),
                    null);
        }
        JsonNode json;
        try {
            json = StepFunctionsJson.parse(text);
        } catch (JacksonException | IllegalArgumentException e) {
            return invalid(Code.INVALID_JSON_DESCRIPTION, StepFunctionsJson.reason(e), null);
        }
        if (!(json instanceof ObjectNode machine)) {
            return invalid(
                    Code.SCHEMA_VALIDATION_FAILED, "The definition is not a JSON object", "/");
        }
        var diagnostics = DefinitionValidator.validate(machine);
        if (!diagnostics.isEmpty()) {
            return new DefinitionResult.InvalidDefinition(diagnostics);
        }
        var parser = new DefinitionParser(language(machine, QueryLanguage.JSONPATH));
        var timeout = machine.path("TimeoutSeconds");
        return new DefinitionResult.ValidDefinition(
                new StateMachineDefinition(
                        text,
                        parser.graph(machine),
                        timeout.isMissingNode() ? null : timeout.longValue()));
    }

    private static DefinitionResult invalid(Code code, String message, @Nullable String location) {
        return new DefinitionResult.InvalidDefinition(
                List.of(new Diagnostic(code, message, location)));
    }

    private static QueryLanguage language(ObjectNode object, QueryLanguage otherwise) {
        return QueryLanguage.find(object.path("QueryLanguage").asString("")).orElse(otherwise);
    }

    private AslState.StateGraph graph(JsonNode object) {
        var states = new LinkedHashMap<String, AslState>();
        object.path("States")
                .properties()
                .forEach(
                        entry ->
                                states.put(
                                        entry.getKey(),
                                        state(entry.getKey(), (ObjectNode) entry.getValue())));
        return new AslState.StateGraph(object.path("StartAt").stringValue(), states);
    }

    private AslState state(String name, ObjectNode json) {
        var head = new AslState.StateHead(name, language(json, machineLanguage), json);
        return switch (json.path("Type").stringValue()) {
            case "Pass" -> new AslState.PassState(head, nextOrEnd(json));
            case "Task" ->
                    new AslState.TaskState(
                            head,
                            nextOrEnd(json),
                            TaskResource.of(json.path("Resource").stringValue()).orElseThrow(),
                            retriers(json),
                            catchers(json));
            case "Choice" ->
                    new AslState.ChoiceState(head, rules(json), text(json.path("Default")));
            case "Wait" -> new AslState.WaitState(head, nextOrEnd(json));
            case "Succeed" -> new AslState.SucceedState(head);
            case "Fail" -> new AslState.FailState(head);
            case "Parallel" ->
                    new AslState.ParallelState(
                            head,
                            nextOrEnd(json),
                            json.path("Branches").valueStream().map(this::graph).toList(),
                            retriers(json),
                            catchers(json));
            case "Map" ->
                    new AslState.MapState(
                            head,
                            nextOrEnd(json),
                            graph(json.path(json.has("Iterator") ? "Iterator" : "ItemProcessor")),
                            retriers(json),
                            catchers(json));
            case String type ->
                    throw new IllegalStateException("state type not validated: " + type);
        };
    }

    private static AslState.NextOrEnd nextOrEnd(ObjectNode json) {
        return new AslState.NextOrEnd(text(json.path("Next")));
    }

    private static @Nullable String text(JsonNode value) {
        return value.isString() ? value.stringValue() : null;
    }

    private static List<AslState.ChoiceRule> rules(ObjectNode json) {
        var rules = new ArrayList<AslState.ChoiceRule>();
        for (var rule : json.path("Choices")) {
            rules.add(
                    new AslState.ChoiceRule(
                            rules.size(), rule.path("Next").stringValue(), (ObjectNode) rule));
        }
        return rules;
    }

    private static List<AslState.Retrier> retriers(ObjectNode json) {
        var retriers = new ArrayList<AslState.Retrier>();
        for (var one : json.path("Retry")) {
            retriers.add(
                    new AslState.Retrier(
                            errors(one),
                            one.path("IntervalSeconds").asLong(1),
                            one.path("MaxAttempts").asLong(3),
                            one.path("BackoffRate").asDouble(2),
                            one.has("MaxDelaySeconds")
                                    ? one.path("MaxDelaySeconds").longValue()
                                    : null,
                            one.path("JitterStrategy").asString("NONE").equals("FULL")));
        }
        return retriers;
    }

    private static List<AslState.Catcher> catchers(ObjectNode json) {
        var catchers = new ArrayList<AslState.Catcher>();
        for (var one : json.path("Catch")) {
            catchers.add(
                    new AslState.Catcher(
                            catchers.size(),
                            errors(one),
                            one.path("Next").stringValue(),
                            (ObjectNode) one));
        }
        return catchers;
    }

    private static List<String> errors(JsonNode retrierOrCatcher) {
        return retrierOrCatcher
                .path("ErrorEquals")
                .valueStream()
                .map(JsonNode::stringValue)
                .toList();
    }
}
