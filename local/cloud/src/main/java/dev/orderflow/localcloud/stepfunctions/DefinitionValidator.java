package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.stepfunctions.Diagnostic.Code;
import dev.orderflow.localcloud.stepfunctions.DiagnosticCollector.ListElement;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Validates a definition and reports every error in it.
///
/// Codes, messages and locations are AWS's where they are known. Features that AWS supports and the
/// local cloud does not (distributed Map, other services) are reported with the same codes and
/// named in the message.
final class DefinitionValidator {

    private final DiagnosticCollector diagnostics = new DiagnosticCollector();
    private final DefinitionFields fields = new DefinitionFields(diagnostics);
    private final ExpressionValidator expressions = new ExpressionValidator(diagnostics);
    private final ChoiceRuleValidator choiceRules = new ChoiceRuleValidator(diagnostics, fields);
    private final Set<String> names = new HashSet<>();
    private QueryLanguage machineLanguage = QueryLanguage.JSONPATH;

    private DefinitionValidator() {}

    /// @return the errors of the definition, empty when it is valid
    static List<Diagnostic> validate(ObjectNode machine) {
        var validator = new DefinitionValidator();
        validator.validateMachine(machine);
        return validator.diagnostics.all();
    }

    private void validateMachine(ObjectNode machine) {
        machineLanguage = language(machine, QueryLanguage.JSONPATH, "/");
        diagnostics.requireKnownFields(machine, DefinitionFields.MACHINE, "");
        if (machine.has("TimeoutSeconds")) {
            diagnostics.requireInteger(machine, "TimeoutSeconds", 1, 99_999_999, "");
        }
        if (machine.has("Version") && !"1.0".equals(machine.path("Version").asString(""))) {
            diagnostics.addSchemaError("Only version '1.0' is supported", "/Version");
        }
        validateGraph(machine, "");
    }

    private QueryLanguage language(ObjectNode object, QueryLanguage otherwise, String location) {
        if (!object.has("QueryLanguage")) {
            return otherwise;
        }
        var language = QueryLanguage.find(object.path("QueryLanguage").asString(""));
        if (language.isPresent()) {
            return language.get();
        }
        diagnostics.addSchemaError(
                "Value is not a valid QueryLanguage, expected one of [JSONata, JSONPath]",
                location.equals("/") ? "/QueryLanguage" : location + "/QueryLanguage");
        return otherwise;
    }

    private void validateGraph(ObjectNode object, String location) {
        int before = diagnostics.size();
        JsonNode states = object.path("States");
        var missing = new ArrayList<String>();
        if (!object.path("StartAt").isString()) {
            missing.add("StartAt");
        }
        if (!states.isObject()) {
            missing.add("States");
        }
        if (!missing.isEmpty()) {
            diagnostics.addSchemaError(
                    "These fields are required: " + missing, location.isEmpty() ? "/" : location);
            return;
        }
        if (states.isEmpty()) {
            diagnostics.addSchemaError("At least one state is required", location + "/States");
            return;
        }
        String startAt = object.path("StartAt").stringValue();
        var graph = new TransitionGraph(diagnostics, location);
        for (Map.Entry<String, JsonNode> entry : states.properties()) {
            String name = entry.getKey();
            String at = location + "/States/" + name;
            if (name.isEmpty() || name.length() > 80) {
                diagnostics.add(
                        Code.INVALID_STATE_NAME, "State name must have 1 to 80 characters", at);
            }
            if (!names.add(name)) {
                diagnostics.add(Code.DUPLICATE_STATE_NAME, "Duplicate State name: " + name, at);
            }
            if (!(entry.getValue() instanceof ObjectNode state)) {
                diagnostics.addSchemaError("Expected value of type Object", at);
                continue;
            }
            validateState(name, state, at, graph);
            graph.addState(name);
        }
        if (diagnostics.size() == before) {
            // The transitions of an invalid state are unknown.
            graph.validate(startAt);
        }
    }

    private void validateState(String name, ObjectNode json, String at, TransitionGraph graph) {
        if (!json.path("Type").isString()) {
            diagnostics.addSchemaError("These fields are required: [Type]", at);
            return;
        }
        String type = json.path("Type").stringValue();
        Set<String> known = DefinitionFields.BY_STATE_TYPE.get(type);
        if (known == null) {
            diagnostics.addSchemaError(
                    "Value is not a valid state type, expected one of [Task, Pass, Choice, Wait, Succeed, Fail, Parallel, Map]",
                    at + "/Type");
            return;
        }
        QueryLanguage language = language(json, machineLanguage, at);
        if (machineLanguage == QueryLanguage.JSONATA && language == QueryLanguage.JSONPATH) {
            diagnostics.addSchemaError(
                    "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
                    at);
        }
        fields.validateState(json, known, language, at);
        switch (language) {
            case JSONATA -> expressions.validateJsonata(json, at);
            case JSONPATH -> expressions.validateJsonPath(json, at);
        }
        switch (type) {
            case "Pass" -> validateTransition(name, json, at, graph);
            case "Task" -> validateTask(name, language, json, at, graph);
            case "Choice" -> validateChoice(name, language, json, at, graph);
            case "Wait" -> {
                validateWait(json, language, at);
                validateTransition(name, json, at, graph);
            }
            case "Succeed" -> graph.addTerminal();
            case "Fail" -> {
                graph.addTerminal();
                diagnostics.requireAtMostOne(json, at, "Error", "ErrorPath");
                diagnostics.requireAtMostOne(json, at, "Cause", "CausePath");
                expressions.validateTextOrPath(json, "Error", at);
                expressions.validateTextOrPath(json, "Cause", at);
            }
            case "Parallel" -> validateParallel(name, language, json, at, graph);
            default -> validateMap(name, language, json, at, graph);
        }
    }

    private void validateTransition(
            String name, ObjectNode json, String at, TransitionGraph graph) {
        boolean end = json.path("End").asBoolean(false);
        if (json.has("End") && !json.path("End").isBoolean()) {
            diagnostics.addSchemaError("Expected value of type Boolean", at + "/End");
        }
        if (json.has("Next") && json.has("End")) {
            diagnostics.addSchemaError(
                    "There should only be one of the following fields: [Next, End]", at);
        } else if (!json.has("Next") && !end) {
            diagnostics.addSchemaError(
                    "Exactly one of the following fields is required: [Next, End]", at);
        }
        if (!json.has("Next")) {
            if (end) {
                graph.addTerminal();
            }
            return;
        }
        if (!json.path("Next").isString()) {
            diagnostics.addSchemaError("Expected value of type String", at + "/Next");
            return;
        }
        String next = json.path("Next").stringValue();
        graph.addTransition(name, next, at + "/Next");
    }

    private void validateTask(
            String name,
            QueryLanguage language,
            ObjectNode json,
            String at,
            TransitionGraph graph) {
        validateTransition(name, json, at, graph);
        validateRetriers(json, at);
        validateCatchers(name, language, json, at, graph);
        validateSeconds(json, language, "TimeoutSeconds", at);
        validateSeconds(json, language, "HeartbeatSeconds", at);
        if (json.path("TimeoutSeconds").isIntegralNumber()
                && json.path("HeartbeatSeconds").isIntegralNumber()
                && json.path("HeartbeatSeconds")
                                .bigIntegerValue()
                                .compareTo(json.path("TimeoutSeconds").bigIntegerValue())
                        >= 0) {
            diagnostics.addSchemaError("HeartbeatSeconds must be smaller than TimeoutSeconds", at);
        }
        if (!json.path("Resource").isString()) {
            diagnostics.addSchemaError("These fields are required: [Resource]", at);
            return;
        }
        String resource = json.path("Resource").stringValue();
        if (!resource.startsWith("arn:")) {
            diagnostics.addSchemaError("Value is not a valid resource ARN", at + "/Resource");
            return;
        }
        Optional<TaskResource> integration = TaskResource.of(resource);
        if (integration.isEmpty()) {
            diagnostics.add(
                    Code.INVALID_RESOURCE,
                    "The resource provided %s is not recognized: local-cloud does not support it"
                            .formatted(resource),
                    at + "/Resource");
            return;
        }
        validateArguments(integration.get(), language, json, at);
    }

    private void validateArguments(
            TaskResource integration, QueryLanguage language, ObjectNode json, String at) {
        String field = language == QueryLanguage.JSONATA ? "Arguments" : "Parameters";
        if (!(json.path(field) instanceof ObjectNode given)) {
            return;
        }
        Set<String> known = TaskIntegrations.fields(integration);
        for (String name : given.propertyNames()) {
            String plain = ExpressionValidator.withoutSuffix(name, language);
            if (!known.contains(plain)) {
                diagnostics.addSchemaError(
                        "The field \"%s\" is not supported by Step Functions".formatted(plain),
                        at + "/" + field);
            }
        }
    }

    private void validateSeconds(ObjectNode json, QueryLanguage language, String field, String at) {
        diagnostics.requireAtMostOne(json, at, field, field + "Path");
        if (json.has(field) && !ExpressionValidator.isExpression(json.path(field), language)) {
            diagnostics.requireInteger(json, field, 1, 99_999_999, at);
        }
        expressions.validateReferencePath(json, field + "Path", at);
    }

    private void validateWait(ObjectNode json, QueryLanguage language, String at) {
        List<String> ways = List.of("Seconds", "Timestamp", "SecondsPath", "TimestampPath");
        List<String> present = ways.stream().filter(json::has).toList();
        if (present.isEmpty()) {
            diagnostics.addSchemaError(
                    "Exactly one of the following fields is required: "
                            + (language == QueryLanguage.JSONATA ? ways.subList(0, 2) : ways),
                    at);
        } else if (present.size() > 1) {
            diagnostics.addSchemaError(
                    "There should only be one of the following fields: " + ways, at);
        }
        if (json.has("Seconds")
                && !ExpressionValidator.isExpression(json.path("Seconds"), language)) {
            diagnostics.requireInteger(json, "Seconds", 0, 99_999_999, at);
        }
        if (json.has("Timestamp")
                && !ExpressionValidator.isExpression(json.path("Timestamp"), language)) {
            try {
                OffsetDateTime unused = OffsetDateTime.parse(json.path("Timestamp").asString(""));
            } catch (DateTimeException _) {
                diagnostics.addSchemaError(
                        "Value is not a valid ISO-8601 extended offset date-time",
                        at + "/Timestamp");
            }
        }
        expressions.validateReferencePath(json, "SecondsPath", at);
        expressions.validateReferencePath(json, "TimestampPath", at);
    }

    private void validateChoice(
            String name,
            QueryLanguage language,
            ObjectNode json,
            String at,
            TransitionGraph graph) {
        if (!json.path("Choices").isArray() || json.path("Choices").isEmpty()) {
            diagnostics.addSchemaError("These fields are required: [Choices]", at);
        } else {
            for (ListElement rule : diagnostics.requireObjects(json, "Choices", at)) {
                expressions.validateAssign(rule.json(), language, rule.at());
                if (!validateNext(name, rule, graph)) {
                    continue;
                }
                if (language == QueryLanguage.JSONATA) {
                    choiceRules.validateJsonata(rule.json(), rule.at());
                } else {
                    choiceRules.validateJsonPath(rule.json(), rule.at());
                }
            }
        }
        if (json.has("Default")) {
            if (json.path("Default").isString()) {
                graph.addTransition(name, json.path("Default").stringValue(), at + "/Default");
            } else {
                diagnostics.addSchemaError("Expected value of type String", at + "/Default");
            }
        }
    }

    private void validateParallel(
            String name,
            QueryLanguage language,
            ObjectNode json,
            String at,
            TransitionGraph graph) {
        validateTransition(name, json, at, graph);
        validateRetriers(json, at);
        validateCatchers(name, language, json, at, graph);
        if (!json.path("Branches").isArray() || json.path("Branches").isEmpty()) {
            diagnostics.addSchemaError("These fields are required: [Branches]", at);
            return;
        }
        for (ListElement branch : diagnostics.requireObjects(json, "Branches", at)) {
            diagnostics.requireKnownFields(branch.json(), DefinitionFields.GRAPH, branch.at());
            validateGraph(branch.json(), branch.at());
        }
    }

    private void validateMap(
            String name,
            QueryLanguage language,
            ObjectNode json,
            String at,
            TransitionGraph graph) {
        validateTransition(name, json, at, graph);
        validateRetriers(json, at);
        validateCatchers(name, language, json, at, graph);
        diagnostics.requireAtMostOne(json, at, "ItemProcessor", "Iterator");
        diagnostics.requireAtMostOne(json, at, "ItemSelector", "Parameters");
        diagnostics.requireAtMostOne(json, at, "MaxConcurrency", "MaxConcurrencyPath");
        if (json.has("MaxConcurrency")
                && !ExpressionValidator.isExpression(json.path("MaxConcurrency"), language)) {
            diagnostics.requireInteger(json, "MaxConcurrency", 0, Integer.MAX_VALUE, at);
        }
        expressions.validateReferencePath(json, "MaxConcurrencyPath", at);
        String field = json.has("Iterator") ? "Iterator" : "ItemProcessor";
        if (!(json.path(field) instanceof ObjectNode processor)) {
            diagnostics.addSchemaError("These fields are required: [ItemProcessor]", at);
            return;
        }
        String here = at + "/" + field;
        diagnostics.requireKnownFields(processor, DefinitionFields.ITEM_PROCESSOR, here);
        String mode = processor.path("ProcessorConfig").path("Mode").asString("INLINE");
        if (!mode.equals("INLINE")) {
            diagnostics.addSchemaError(
                    "Mode '%s' is not supported: local-cloud does not support distributed Map"
                            .formatted(mode),
                    here + "/ProcessorConfig/Mode");
        }
        if (json.path("Items").isString()
                && !ExpressionValidator.isExpression(json.path("Items"), language)) {
            diagnostics.addSchemaError(
                    "Value is not a valid JSONata expression or array", at + "/Items");
        }
        validateGraph(processor, here);
    }

    private boolean validateNext(String name, ListElement element, TransitionGraph graph) {
        if (!element.json().path("Next").isString()) {
            diagnostics.addSchemaError("These fields are required: [Next]", element.at());
            return false;
        }
        String next = element.json().path("Next").stringValue();
        graph.addTransition(name, next, element.at() + "/Next");
        return true;
    }

    private void validateRetriers(ObjectNode json, String at) {
        for (ListElement element : diagnostics.requireObjects(json, "Retry", at)) {
            ObjectNode one = element.json();
            String here = element.at();
            diagnostics.requireKnownFields(one, DefinitionFields.RETRIER, here);
            validateErrorEquals(element);
            validateOptionalInteger(one, "IntervalSeconds", 1, 99_999_999, here);
            validateOptionalInteger(one, "MaxAttempts", 0, 99_999_999, here);
            validateOptionalInteger(one, "MaxDelaySeconds", 1, 31_622_400, here);
            if (one.path("MaxDelaySeconds").isIntegralNumber()
                    && one.path("MaxDelaySeconds").bigIntegerValue().compareTo(interval(one))
                            <= 0) {
                diagnostics.addSchemaError(
                        "MaxDelaySeconds must be greater than IntervalSeconds",
                        here + "/MaxDelaySeconds");
            }
            var rate = one.path("BackoffRate");
            if (one.has("BackoffRate") && (!rate.isNumber() || rate.asDouble(0) < 1)) {
                diagnostics.addSchemaError("Minimum value is 1.0", here + "/BackoffRate");
            }
            var jitter = one.path("JitterStrategy").asString("NONE");
            if (!jitter.equals("NONE") && !jitter.equals("FULL")) {
                diagnostics.addSchemaError(
                        "Value must be one of [FULL, NONE]", here + "/JitterStrategy");
            }
        }
    }

    private static BigInteger interval(ObjectNode retrier) {
        var interval = retrier.path("IntervalSeconds");
        return interval.isIntegralNumber() ? interval.bigIntegerValue() : BigInteger.ONE;
    }

    private void validateOptionalInteger(
            ObjectNode one, String field, long least, long most, String at) {
        if (one.has(field)) {
            diagnostics.requireInteger(one, field, least, most, at);
        }
    }

    private void validateCatchers(
            String name,
            QueryLanguage language,
            ObjectNode json,
            String at,
            TransitionGraph graph) {
        for (ListElement element : diagnostics.requireObjects(json, "Catch", at)) {
            ObjectNode one = element.json();
            String here = element.at();
            diagnostics.requireKnownFields(one, DefinitionFields.CATCHER, here);
            for (String field : one.propertyNames()) {
                if (DefinitionFields.CATCHER.contains(field)) {
                    fields.rejectWrongLanguage(field, language, here);
                }
            }
            validateErrorEquals(element);
            expressions.validateAssign(one, language, here);
            if (validateNext(name, element, graph) && language == QueryLanguage.JSONPATH) {
                expressions.validateResultPath(one, here);
            }
        }
    }

    private void validateErrorEquals(ListElement element) {
        String at = element.at();
        if (!(element.json().path("ErrorEquals") instanceof ArrayNode array) || array.isEmpty()) {
            diagnostics.addSchemaError("These fields are required: [ErrorEquals]", at);
            return;
        }
        var errors = new ArrayList<String>();
        for (JsonNode error : array) {
            if (error.isString()) {
                errors.add(error.stringValue());
            } else {
                diagnostics.addSchemaError("Expected value of type String", at + "/ErrorEquals");
            }
        }
        if (errors.contains(StateFailedException.ALL) && (errors.size() > 1 || !element.last())) {
            diagnostics.addSchemaError(
                    errors.size() > 1
                            ? "States.ALL must appear alone in ErrorEquals"
                            : "States.ALL must appear in the last element",
                    at + "/ErrorEquals");
        }
    }
}
