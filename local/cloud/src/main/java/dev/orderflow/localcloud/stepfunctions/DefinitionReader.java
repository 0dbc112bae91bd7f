package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.stepfunctions.Diagnostic.Code;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads a definition and finds everything that is wrong with it.
///
/// Codes, words and locations are AWS's where they are known. What AWS would run and this engine
/// cannot (distributed Map, a service that is not here) is refused under the same codes and named.
final class DefinitionReader {

    /// [AWS's quota](https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
    static final int SIZE_LIMIT = 1_048_576;

    private static final int DIAGNOSTIC_LIMIT = 100;

    private static final Set<String> FOR_ALL = Set.of("Type", "Comment", "QueryLanguage");
    private static final Set<String> MACHINE_FIELDS =
            Set.of("Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage");
    private static final Set<String> FLOW_FIELDS = Set.of("Comment", "StartAt", "States");
    private static final Set<String> PROCESSOR_FIELDS =
            Set.of("Comment", "ProcessorConfig", "StartAt", "States");
    private static final Set<String> CATCH_FIELDS =
            Set.of("ErrorEquals", "Next", "ResultPath", "Output", "Assign", "Comment");
    private static final Set<String> RETRY_FIELDS =
            Set.of(
                    "Comment",
                    "ErrorEquals",
                    "IntervalSeconds",
                    "MaxAttempts",
                    "BackoffRate",
                    "MaxDelaySeconds",
                    "JitterStrategy");
    private static final Pattern VARIABLE_NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]{0,79}");

    private static final Pattern ERROR_OUTPUT =
            Pattern.compile("\\$states\\s*\\.\\s*(errorOutput\\b|`errorOutput`)");

    /// What only one of the two languages has.
    private static final Set<String> JSONPATH_ONLY =
            Set.of(
                    "InputPath",
                    "OutputPath",
                    "ResultPath",
                    "Parameters",
                    "ResultSelector",
                    "Result",
                    "SecondsPath",
                    "TimestampPath",
                    "TimeoutSecondsPath",
                    "HeartbeatSecondsPath",
                    "ItemsPath",
                    "MaxConcurrencyPath",
                    "ToleratedFailurePercentagePath",
                    "ToleratedFailureCountPath",
                    "ErrorPath",
                    "CausePath",
                    "Variable");

    private static final Set<String> JSONATA_ONLY =
            Set.of("Arguments", "Output", "Items", "Condition");

    private static final Map<String, Set<String>> FIELDS =
            Map.of(
                    "Pass",
                    Set.of(
                            "Next",
                            "End",
                            "InputPath",
                            "OutputPath",
                            "ResultPath",
                            "Parameters",
                            "Result",
                            "Output",
                            "Assign"),
                    "Task",
                    Set.of(
                            "Next",
                            "End",
                            "InputPath",
                            "OutputPath",
                            "ResultPath",
                            "Parameters",
                            "ResultSelector",
                            "Arguments",
                            "Output",
                            "Assign",
                            "Resource",
                            "Retry",
                            "Catch",
                            "TimeoutSeconds",
                            "TimeoutSecondsPath",
                            "HeartbeatSeconds",
                            "HeartbeatSecondsPath",
                            "Credentials"),
                    "Choice",
                    Set.of("InputPath", "OutputPath", "Choices", "Default", "Output", "Assign"),
                    "Wait",
                    Set.of(
                            "Next",
                            "End",
                            "InputPath",
                            "OutputPath",
                            "Seconds",
                            "SecondsPath",
                            "Timestamp",
                            "TimestampPath",
                            "Output",
                            "Assign"),
                    "Succeed",
                    Set.of("InputPath", "OutputPath", "Output"),
                    "Fail",
                    Set.of("Error", "ErrorPath", "Cause", "CausePath"),
                    "Parallel",
                    Set.of(
                            "Next",
                            "End",
                            "InputPath",
                            "OutputPath",
                            "ResultPath",
                            "Parameters",
                            "ResultSelector",
                            "Arguments",
                            "Output",
                            "Assign",
                            "Branches",
                            "Retry",
                            "Catch"),
                    "Map",
                    Set.of(
                            "Next",
                            "End",
                            "InputPath",
                            "OutputPath",
                            "ResultPath",
                            "Parameters",
                            "ResultSelector",
                            "Output",
                            "Assign",
                            "ItemProcessor",
                            "Iterator",
                            "Items",
                            "ItemsPath",
                            "ItemSelector",
                            "MaxConcurrency",
                            "MaxConcurrencyPath",
                            "ToleratedFailurePercentage",
                            "ToleratedFailurePercentagePath",
                            "ToleratedFailureCount",
                            "ToleratedFailureCountPath",
                            "Label",
                            "Retry",
                            "Catch"));

    /// What AWS has and this engine does not, with the reason to give.
    private static final Map<String, String> ABSENT =
            Map.of(
                    "ItemReader", "local-cloud does not support distributed Map",
                    "ItemBatcher", "local-cloud does not support distributed Map",
                    "ResultWriter", "local-cloud does not support distributed Map",
                    "Credentials", "local-cloud does not support calls to other accounts");

    private final List<Diagnostic> findings = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private QueryLanguage machineLanguage = QueryLanguage.JSONPATH;

    /// Whether what is read belongs to a Catch, where alone `$states.errorOutput` is.
    private boolean inCatch;

    private DefinitionReader() {}

    /// What came of reading a definition.
    sealed interface Reading {
        record Accepted(StateMachineDefinition definition) implements Reading {}

        record Refused(List<Diagnostic> findings) implements Reading {}
    }

    static Reading read(String text) {
        return new DefinitionReader().definition(text);
    }

    private Reading definition(String text) {
        if (text.isBlank()) {
            return new Reading.Refused(
                    List.of(
                            new Diagnostic(
                                    Code.MISSING_DESCRIPTION,
                                    "Received a null or empty workflow input",
                                    null)));
        }
        if (text.length() > SIZE_LIMIT
                || text.getBytes(StandardCharsets.UTF_8).length > SIZE_LIMIT) {
            return new Reading.Refused(
                    List.of(
                            new Diagnostic(
                                    Code.SCHEMA_VALIDATION_FAILED,
                                    "The definition is longer than the maximum of %d bytes"
                                            .formatted(SIZE_LIMIT),
                                    null)));
        }
        JsonNode json;
        try {
            json = StepFunctionsJson.parse(text);
        } catch (JacksonException | IllegalArgumentException e) {
            return new Reading.Refused(
                    List.of(
                            new Diagnostic(
                                    Code.INVALID_JSON_DESCRIPTION,
                                    StepFunctionsJson.reason(e),
                                    null)));
        }
        if (!(json instanceof ObjectNode machine)) {
            return new Reading.Refused(
                    List.of(
                            new Diagnostic(
                                    Code.SCHEMA_VALIDATION_FAILED,
                                    "The definition is not a JSON object",
                                    "/")));
        }
        machineLanguage = language(machine, QueryLanguage.JSONPATH, "/");
        unknownFields(machine, MACHINE_FIELDS, "");
        Long timeout = null;
        if (machine.has("TimeoutSeconds")) {
            timeout = integer(machine, "TimeoutSeconds", 1, 99_999_999, "");
        }
        if (machine.has("Version") && !"1.0".equals(machine.path("Version").asString(""))) {
            schema("Only version '1.0' is supported", "/Version");
        }
        AslState.StateGraph flow = flow(machine, "");
        return findings.isEmpty() && flow != null
                ? new Reading.Accepted(new StateMachineDefinition(text, flow, timeout))
                : new Reading.Refused(List.copyOf(findings));
    }

    // ---- findings

    private void found(Code code, String message, @Nullable String location) {
        if (findings.size() < DIAGNOSTIC_LIMIT) {
            findings.add(new Diagnostic(code, message, location));
        }
    }

    private void schema(String message, String location) {
        found(Code.SCHEMA_VALIDATION_FAILED, message, location);
    }

    private void unknownFields(ObjectNode object, Set<String> known, String location) {
        for (String field : object.propertyNames()) {
            if (!known.contains(field)) {
                schema(
                        "Field '%s' is not supported".formatted(field),
                        location.isEmpty() ? "/" : location);
            }
        }
    }

    private @Nullable Long integer(
            ObjectNode object, String field, long least, long most, String location) {
        JsonNode value = object.path(field);
        if (!value.isIntegralNumber()) {
            schema("Expected value of type Integer", location + "/" + field);
            return null;
        }
        if (value.longValue() < least) {
            schema("Minimum value is " + least, location + "/" + field);
        } else if (value.longValue() > most) {
            schema("Maximum value is " + most, location + "/" + field);
        }
        return value.longValue();
    }

    private QueryLanguage language(ObjectNode object, QueryLanguage otherwise, String location) {
        if (!object.has("QueryLanguage")) {
            return otherwise;
        }
        String label = object.path("QueryLanguage").asString("");
        for (QueryLanguage language : QueryLanguage.values()) {
            if (language.label().equals(label)) {
                return language;
            }
        }
        schema(
                "Value is not a valid QueryLanguage, expected one of [JSONata, JSONPath]",
                location.equals("/") ? "/QueryLanguage" : location + "/QueryLanguage");
        return otherwise;
    }

    // ---- flows

    /// @return null when it is too broken to go on with
    private AslState.@Nullable StateGraph flow(ObjectNode object, String location) {
        int before = findings.size();
        JsonNode states = object.path("States");
        var missing = new ArrayList<String>();
        if (!object.path("StartAt").isString()) {
            missing.add("StartAt");
        }
        if (!states.isObject()) {
            missing.add("States");
        }
        if (!missing.isEmpty()) {
            schema("These fields are required: " + missing, location.isEmpty() ? "/" : location);
            return null;
        }
        if (states.isEmpty()) {
            schema("At least one state is required", location + "/States");
            return null;
        }
        String startAt = object.path("StartAt").stringValue();
        var read = new LinkedHashMap<String, AslState>();
        var graph = new Graph(location);
        for (Map.Entry<String, JsonNode> entry : states.properties()) {
            String name = entry.getKey();
            String at = location + "/States/" + name;
            if (name.isEmpty() || name.length() > 80) {
                found(Code.INVALID_STATE_NAME, "State name must have 1 to 80 characters", at);
            }
            if (!names.add(name)) {
                found(Code.DUPLICATE_STATE_NAME, "Duplicate State name: " + name, at);
            }
            if (!(entry.getValue() instanceof ObjectNode state)) {
                schema("Expected value of type Object", at);
                continue;
            }
            AslState one = state(name, state, at, graph);
            graph.states.add(name);
            if (one != null) {
                read.put(name, one);
            }
        }
        if (findings.size() == before) {
            // Of a flow with a broken state nobody can say where it leads.
            graph.check(startAt);
        }
        return findings.size() == before ? new AslState.StateGraph(startAt, read) : null;
    }

    /// Which states lead where, to find those that lead nowhere and those that are never reached.
    private final class Graph {
        private final String location;
        final Set<String> states = new LinkedHashSet<>();
        private final Map<String, Map<String, String>> targets = new LinkedHashMap<>();
        private boolean terminal;

        Graph(String location) {
            this.location = location;
        }

        void leads(String from, String to, String at) {
            targets.computeIfAbsent(from, _ -> new LinkedHashMap<>()).put(at, to);
        }

        void ends() {
            terminal = true;
        }

        void check(String startAt) {
            if (!states.contains(startAt)) {
                found(
                        Code.MISSING_TRANSITION_TARGET,
                        "Missing 'Next' target: " + startAt,
                        location + "/StartAt");
            }
            for (Map<String, String> of : targets.values()) {
                for (Map.Entry<String, String> target : of.entrySet()) {
                    if (!states.contains(target.getValue())) {
                        found(
                                Code.MISSING_TRANSITION_TARGET,
                                "Missing 'Next' target: " + target.getValue(),
                                target.getKey());
                    }
                }
            }
            if (!terminal) {
                found(Code.MISSING_END_STATE, "Workflow has no terminal state", null);
                return;
            }
            Set<String> reached = new HashSet<>();
            var open = new ArrayDeque<String>();
            open.add(startAt);
            while (!open.isEmpty()) {
                String at = open.remove();
                if (states.contains(at) && reached.add(at)) {
                    open.addAll(targets.getOrDefault(at, Map.of()).values());
                }
            }
            for (String state : states) {
                if (!reached.contains(state)) {
                    found(
                            Code.MISSING_TRANSITION_TARGET,
                            "State \"%s\" is not reachable.".formatted(state),
                            location + "/States/" + state);
                }
            }
        }
    }

    // ---- states

    private @Nullable AslState state(String name, ObjectNode json, String at, Graph graph) {
        if (!json.path("Type").isString()) {
            schema("These fields are required: [Type]", at);
            return null;
        }
        String type = json.path("Type").stringValue();
        Set<String> known = FIELDS.get(type);
        if (known == null) {
            schema(
                    "Value is not a valid state type, expected one of [Task, Pass, Choice, Wait, Succeed, Fail, Parallel, Map]",
                    at + "/Type");
            return null;
        }
        QueryLanguage language = language(json, machineLanguage, at);
        if (machineLanguage == QueryLanguage.JSONATA && language == QueryLanguage.JSONPATH) {
            schema(
                    "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
                    at);
        }
        stateFields(json, known, language, at);
        AslState.StateHead head = new AslState.StateHead(name, language, json);
        switch (language) {
            case JSONATA -> jsonata(json, at);
            case JSONPATH -> jsonPath(json, at);
        }
        return switch (type) {
            case "Pass" -> new AslState.PassState(head, transition(name, json, at, graph));
            case "Task" -> task(head, json, at, graph);
            case "Choice" -> choice(head, json, at, graph);
            case "Wait" -> {
                wait(json, language, at);
                yield new AslState.WaitState(head, transition(name, json, at, graph));
            }
            case "Succeed" -> {
                graph.ends();
                yield new AslState.SucceedState(head);
            }
            case "Fail" -> {
                graph.ends();
                atMostOne(json, at, "Error", "ErrorPath");
                atMostOne(json, at, "Cause", "CausePath");
                textOrPath(json, "Error", at);
                textOrPath(json, "Cause", at);
                yield new AslState.FailState(head);
            }
            case "Parallel" -> parallel(head, json, at, graph);
            default -> map(head, json, at, graph);
        };
    }

    private void stateFields(
            ObjectNode json, Set<String> known, QueryLanguage language, String at) {
        for (String field : json.propertyNames()) {
            if (FOR_ALL.contains(field)) {
                continue;
            }
            String absent = ABSENT.get(field);
            if (absent != null) {
                schema("Field '%s' is not supported: %s".formatted(field, absent), at);
            } else if (!known.contains(field)) {
                schema("Field '%s' is not supported".formatted(field), at);
            } else {
                wrongLanguage(field, language, at);
            }
        }
    }

    private boolean wrongLanguage(String field, QueryLanguage language, String at) {
        Set<String> others = language == QueryLanguage.JSONATA ? JSONPATH_ONLY : JSONATA_ONLY;
        if (!others.contains(field)) {
            return false;
        }
        schema(
                "The QueryLanguage is set to '%s', but field '%s' is only supported for the '%s' QueryLanguage"
                        .formatted(
                                language.label(),
                                field,
                                (language == QueryLanguage.JSONATA
                                                ? QueryLanguage.JSONPATH
                                                : QueryLanguage.JSONATA)
                                        .label()),
                at);
        return true;
    }

    private void atMostOne(ObjectNode json, String at, String... fields) {
        List<String> present = List.of(fields).stream().filter(json::has).toList();
        if (present.size() > 1) {
            schema("There should only be one of the following fields: " + List.of(fields), at);
        }
    }

    private void textOrPath(ObjectNode json, String field, String at) {
        if (json.has(field) && !json.path(field).isString()) {
            schema("Expected value of type String", at + "/" + field);
        }
        String pathField = field + "Path";
        if (json.has(pathField)) {
            String path = json.path(pathField).asString("");
            if (!JsonPathScope.isPath(path) && !IntrinsicFunctions.isCall(path)) {
                schema("Value is not a valid JSONPath", at + "/" + pathField);
            }
        }
    }

    private AslState.NextOrEnd transition(String name, ObjectNode json, String at, Graph graph) {
        boolean end = json.path("End").asBoolean(false);
        if (json.has("End") && !json.path("End").isBoolean()) {
            schema("Expected value of type Boolean", at + "/End");
        }
        if (json.has("Next") && json.has("End")) {
            schema("There should only be one of the following fields: [Next, End]", at);
        } else if (!json.has("Next") && !end) {
            schema("Exactly one of the following fields is required: [Next, End]", at);
        }
        if (!json.has("Next")) {
            if (end) {
                graph.ends();
            }
            return new AslState.NextOrEnd(null);
        }
        if (!json.path("Next").isString()) {
            schema("Expected value of type String", at + "/Next");
            return new AslState.NextOrEnd(null);
        }
        String next = json.path("Next").stringValue();
        graph.leads(name, next, at + "/Next");
        return new AslState.NextOrEnd(next);
    }

    private @Nullable AslState task(
            AslState.StateHead head, ObjectNode json, String at, Graph graph) {
        AslState.NextOrEnd then = transition(head.name(), json, at, graph);
        List<AslState.Retrier> retriers = retriers(json, at);
        List<AslState.Catcher> catchers = catchers(head, json, at, graph);
        seconds(json, head.language(), "TimeoutSeconds", at);
        seconds(json, head.language(), "HeartbeatSeconds", at);
        if (json.path("TimeoutSeconds").isIntegralNumber()
                && json.path("HeartbeatSeconds").isIntegralNumber()
                && json.path("HeartbeatSeconds").longValue()
                        >= json.path("TimeoutSeconds").longValue()) {
            schema("HeartbeatSeconds must be smaller than TimeoutSeconds", at);
        }
        if (!json.path("Resource").isString()) {
            schema("These fields are required: [Resource]", at);
            return null;
        }
        String resource = json.path("Resource").stringValue();
        if (!resource.startsWith("arn:")) {
            schema("Value is not a valid resource ARN", at + "/Resource");
            return null;
        }
        Optional<TaskResource> integration = TaskResource.of(resource);
        if (integration.isEmpty()) {
            found(
                    Code.INVALID_RESOURCE,
                    "The resource provided %s is not recognized: local-cloud does not support it"
                            .formatted(resource),
                    at + "/Resource");
            return null;
        }
        integration.ifPresent(i -> arguments(i, head, json, at));
        return new AslState.TaskState(head, then, integration.get(), retriers, catchers);
    }

    private void arguments(
            TaskResource integration, AslState.StateHead head, ObjectNode json, String at) {
        String field = head.language() == QueryLanguage.JSONATA ? "Arguments" : "Parameters";
        if (!(json.path(field) instanceof ObjectNode given)) {
            return;
        }
        Set<String> known = TaskIntegrations.fields(integration);
        for (String name : given.propertyNames()) {
            String plain =
                    head.language() == QueryLanguage.JSONPATH && name.endsWith(".$")
                            ? name.substring(0, name.length() - 2)
                            : name;
            if (!known.contains(plain)) {
                schema(
                        "The field \"%s\" is not supported by Step Functions".formatted(plain),
                        at + "/" + field);
            }
        }
    }

    private void seconds(ObjectNode json, QueryLanguage language, String field, String at) {
        atMostOne(json, at, field, field + "Path");
        if (json.has(field) && !isExpression(json.path(field), language)) {
            Long unused = integer(json, field, 1, 99_999_999, at);
        }
        referencePath(json, field + "Path", at);
    }

    private static boolean isExpression(JsonNode value, QueryLanguage language) {
        return language == QueryLanguage.JSONATA
                && value.isString()
                && JsonataExpressions.isExpression(value.stringValue());
    }

    private void referencePath(ObjectNode json, String field, String at) {
        if (json.has(field)
                && !(json.path(field).isString()
                        && JsonPathScope.isReferencePath(json.path(field).stringValue()))) {
            schema("Value is not a Reference Path", at + "/" + field);
        }
    }

    private void wait(ObjectNode json, QueryLanguage language, String at) {
        List<String> ways = List.of("Seconds", "Timestamp", "SecondsPath", "TimestampPath");
        List<String> present = ways.stream().filter(json::has).toList();
        if (present.isEmpty()) {
            schema(
                    "Exactly one of the following fields is required: "
                            + (language == QueryLanguage.JSONATA ? ways.subList(0, 2) : ways),
                    at);
        } else if (present.size() > 1) {
            schema("There should only be one of the following fields: " + ways, at);
        }
        if (json.has("Seconds") && !isExpression(json.path("Seconds"), language)) {
            Long unused = integer(json, "Seconds", 0, 99_999_999, at);
        }
        if (json.has("Timestamp") && !isExpression(json.path("Timestamp"), language)) {
            try {
                OffsetDateTime unused = OffsetDateTime.parse(json.path("Timestamp").asString(""));
            } catch (DateTimeException e) {
                schema(
                        "Value is not a valid ISO-8601 extended offset date-time",
                        at + "/Timestamp");
            }
        }
        referencePath(json, "SecondsPath", at);
        referencePath(json, "TimestampPath", at);
    }

    private AslState choice(AslState.StateHead head, ObjectNode json, String at, Graph graph) {
        var rules = new ArrayList<AslState.ChoiceRule>();
        if (!json.path("Choices").isArray() || json.path("Choices").isEmpty()) {
            schema("These fields are required: [Choices]", at);
        } else {
            for (Element rule : elements(json, "Choices", at)) {
                assign(rule.json(), head.language(), rule.at());
                String next = next(head, rule, graph);
                if (next == null) {
                    continue;
                }
                if (head.language() == QueryLanguage.JSONATA) {
                    jsonataRule(rule.json(), rule.at());
                } else {
                    jsonPathRule(rule.json(), rule.at(), true);
                }
                rules.add(new AslState.ChoiceRule(rule.index(), next, rule.json()));
            }
        }
        String otherwise = null;
        if (json.has("Default")) {
            if (json.path("Default").isString()) {
                otherwise = json.path("Default").stringValue();
                graph.leads(head.name(), otherwise, at + "/Default");
            } else {
                schema("Expected value of type String", at + "/Default");
            }
        }
        return new AslState.ChoiceState(head, rules, otherwise);
    }

    private void jsonataRule(ObjectNode rule, String at) {
        for (String field : rule.propertyNames()) {
            if (!Set.of("Condition", "Next", "Output", "Assign", "Comment").contains(field)
                    && !wrongLanguage(field, QueryLanguage.JSONATA, at)) {
                schema("Field '%s' is not supported".formatted(field), at);
            }
        }
        if (!rule.has("Condition")) {
            schema("These fields are required: [Condition]", at);
        } else if (!rule.path("Condition").isBoolean()
                && !isExpression(rule.path("Condition"), QueryLanguage.JSONATA)) {
            schema("Value is not a valid JSONata expression or boolean", at + "/Condition");
        }
    }

    private void jsonPathRule(ObjectNode rule, String at, boolean top) {
        var operators = new ArrayList<String>();
        for (String field : rule.propertyNames()) {
            if (ChoiceComparison.OPERATORS.contains(field)
                    || Set.of("And", "Or", "Not").contains(field)) {
                operators.add(field);
            } else if (!Set.of("Variable", "Comment").contains(field)
                    && !(top && Set.of("Next", "Assign").contains(field))
                    && !wrongLanguage(field, QueryLanguage.JSONPATH, at)) {
                schema("Field '%s' is not supported".formatted(field), at);
            }
        }
        if (operators.size() != 1) {
            schema("Exactly one comparison operator is required", at);
            return;
        }
        String operator = operators.getFirst();
        JsonNode operand = rule.path(operator);
        switch (operator) {
            case "Not" -> nested(operand, at + "/Not");
            case "And", "Or" -> {
                if (!operand.isArray() || operand.isEmpty()) {
                    schema("Expected value of type Array", at + "/" + operator);
                } else {
                    for (int i = 0; i < operand.size(); i++) {
                        nested(operand.get(i), at + "/" + operator + "[" + i + "]");
                    }
                }
            }
            default -> {
                if (!rule.path("Variable").isString()) {
                    schema("These fields are required: [Variable]", at);
                } else if (!JsonPathScope.isPath(rule.path("Variable").stringValue())) {
                    schema("Value is not a Reference Path", at + "/Variable");
                }
                operand(operator, operand, at + "/" + operator);
            }
        }
    }

    private void nested(JsonNode rule, String at) {
        if (rule instanceof ObjectNode object) {
            jsonPathRule(object, at, false);
        } else {
            schema("Expected value of type Object", at);
        }
    }

    private void operand(String operator, JsonNode value, String at) {
        if (operator.endsWith("Path")) {
            if (!value.isString() || !JsonPathScope.isPath(value.stringValue())) {
                schema("Value is not a Reference Path", at);
            }
        } else if (operator.startsWith("Is") || operator.startsWith("Boolean")) {
            if (!value.isBoolean()) {
                schema("Expected value of type Boolean", at);
            }
        } else if (operator.startsWith("Numeric")) {
            if (!value.isNumber()) {
                schema("Expected value of type Number", at);
            }
        } else if (!value.isString()) {
            schema("Expected value of type String", at);
        }
    }

    private @Nullable AslState parallel(
            AslState.StateHead head, ObjectNode json, String at, Graph graph) {
        AslState.NextOrEnd then = transition(head.name(), json, at, graph);
        List<AslState.Retrier> retriers = retriers(json, at);
        List<AslState.Catcher> catchers = catchers(head, json, at, graph);
        if (!json.path("Branches").isArray() || json.path("Branches").isEmpty()) {
            schema("These fields are required: [Branches]", at);
            return null;
        }
        var branches = new ArrayList<AslState.StateGraph>();
        for (Element branch : elements(json, "Branches", at)) {
            unknownFields(branch.json(), FLOW_FIELDS, branch.at());
            AslState.StateGraph flow = flow(branch.json(), branch.at());
            if (flow != null) {
                branches.add(flow);
            }
        }
        return new AslState.ParallelState(head, then, branches, retriers, catchers);
    }

    private @Nullable AslState map(
            AslState.StateHead head, ObjectNode json, String at, Graph graph) {
        AslState.NextOrEnd then = transition(head.name(), json, at, graph);
        List<AslState.Retrier> retriers = retriers(json, at);
        List<AslState.Catcher> catchers = catchers(head, json, at, graph);
        atMostOne(json, at, "ItemProcessor", "Iterator");
        atMostOne(json, at, "ItemSelector", "Parameters");
        atMostOne(json, at, "MaxConcurrency", "MaxConcurrencyPath");
        if (json.has("MaxConcurrency")
                && !isExpression(json.path("MaxConcurrency"), head.language())) {
            Long unused = integer(json, "MaxConcurrency", 0, Integer.MAX_VALUE, at);
        }
        referencePath(json, "MaxConcurrencyPath", at);
        String field = json.has("Iterator") ? "Iterator" : "ItemProcessor";
        if (!(json.path(field) instanceof ObjectNode processor)) {
            schema("These fields are required: [ItemProcessor]", at);
            return null;
        }
        String here = at + "/" + field;
        unknownFields(processor, PROCESSOR_FIELDS, here);
        String mode = processor.path("ProcessorConfig").path("Mode").asString("INLINE");
        if (!mode.equals("INLINE")) {
            schema(
                    "Mode '%s' is not supported: local-cloud does not support distributed Map"
                            .formatted(mode),
                    here + "/ProcessorConfig/Mode");
        }
        if (json.path("Items").isString() && !isExpression(json.path("Items"), head.language())) {
            schema("Value is not a valid JSONata expression or array", at + "/Items");
        }
        AslState.StateGraph flow = flow(processor, here);
        return flow == null ? null : new AslState.MapState(head, then, flow, retriers, catchers);
    }

    /// A member of one of a state's lists.
    ///
    /// @param at where it is in the definition
    private record Element(int index, boolean last, ObjectNode json, String at) {}

    private List<Element> elements(ObjectNode json, String field, String at) {
        if (!json.has(field)) {
            return List.of();
        }
        if (!(json.path(field) instanceof ArrayNode array)) {
            schema("Expected value of type Array", at + "/" + field);
            return List.of();
        }
        var elements = new ArrayList<Element>();
        for (int i = 0; i < array.size(); i++) {
            String here = at + "/" + field + "[" + i + "]";
            if (array.get(i) instanceof ObjectNode one) {
                elements.add(new Element(i, i == array.size() - 1, one, here));
            } else {
                schema("Expected value of type Object", here);
            }
        }
        return elements;
    }

    private @Nullable String next(AslState.StateHead head, Element element, Graph graph) {
        if (!element.json().path("Next").isString()) {
            schema("These fields are required: [Next]", element.at());
            return null;
        }
        String next = element.json().path("Next").stringValue();
        graph.leads(head.name(), next, element.at() + "/Next");
        return next;
    }

    // ---- Retry and Catch

    private List<AslState.Retrier> retriers(ObjectNode json, String at) {
        var retriers = new ArrayList<AslState.Retrier>();
        for (Element element : elements(json, "Retry", at)) {
            ObjectNode one = element.json();
            String here = element.at();
            unknownFields(one, RETRY_FIELDS, here);
            List<String> errors = errors(element);
            long interval = number(one, "IntervalSeconds", 1, 1, 99_999_999, here);
            long attempts = number(one, "MaxAttempts", 3, 0, 99_999_999, here);
            Long most =
                    one.has("MaxDelaySeconds")
                            ? integer(one, "MaxDelaySeconds", 1, 31_622_400, here)
                            : null;
            if (most != null && most <= interval) {
                schema(
                        "MaxDelaySeconds must be greater than IntervalSeconds",
                        here + "/MaxDelaySeconds");
            }
            double rate = 2;
            if (one.has("BackoffRate")) {
                rate = one.path("BackoffRate").asDouble(0);
                if (!one.path("BackoffRate").isNumber() || rate < 1) {
                    schema("Minimum value is 1.0", here + "/BackoffRate");
                }
            }
            String jitter = one.path("JitterStrategy").asString("NONE");
            if (!jitter.equals("NONE") && !jitter.equals("FULL")) {
                schema("Value must be one of [FULL, NONE]", here + "/JitterStrategy");
            }
            retriers.add(
                    new AslState.Retrier(
                            errors, interval, attempts, rate, most, jitter.equals("FULL")));
        }
        return retriers;
    }

    private long number(
            ObjectNode one, String field, long otherwise, long least, long most, String at) {
        if (!one.has(field)) {
            return otherwise;
        }
        Long value = integer(one, field, least, most, at);
        return value == null ? otherwise : value;
    }

    private List<AslState.Catcher> catchers(
            AslState.StateHead head, ObjectNode json, String at, Graph graph) {
        var catchers = new ArrayList<AslState.Catcher>();
        for (Element element : elements(json, "Catch", at)) {
            ObjectNode one = element.json();
            String here = element.at();
            unknownFields(one, CATCH_FIELDS, here);
            for (String field : one.propertyNames()) {
                if (CATCH_FIELDS.contains(field)) {
                    wrongLanguage(field, head.language(), here);
                }
            }
            List<String> errors = errors(element);
            assign(one, head.language(), here);
            String next = next(head, element, graph);
            if (next == null) {
                continue;
            }
            if (head.language() == QueryLanguage.JSONPATH) {
                resultPath(one, here);
            }
            catchers.add(new AslState.Catcher(element.index(), errors, next, one));
        }
        return catchers;
    }

    private List<String> errors(Element element) {
        String at = element.at();
        if (!(element.json().path("ErrorEquals") instanceof ArrayNode array) || array.isEmpty()) {
            schema("These fields are required: [ErrorEquals]", at);
            return List.of();
        }
        var errors = new ArrayList<String>();
        for (JsonNode error : array) {
            if (error.isString()) {
                errors.add(error.stringValue());
            } else {
                schema("Expected value of type String", at + "/ErrorEquals");
            }
        }
        if (errors.contains(StateFailedException.ALL) && (errors.size() > 1 || !element.last())) {
            schema(
                    errors.size() > 1
                            ? "States.ALL must appear alone in ErrorEquals"
                            : "States.ALL must appear in the last element",
                    at + "/ErrorEquals");
        }
        return errors;
    }

    // ---- expressions and paths

    private static final Set<String> NOT_EVALUATED =
            Set.of(
                    "Type",
                    "Comment",
                    "QueryLanguage",
                    "Next",
                    "End",
                    "Resource",
                    "Default",
                    "Branches",
                    "ItemProcessor",
                    "Iterator",
                    "Retry",
                    "Result",
                    "Label",
                    "StartAt");

    private void jsonata(ObjectNode json, String at) {
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (NOT_EVALUATED.contains(field.getKey())) {
                continue;
            }
            inCatch = field.getKey().equals("Catch");
            expressions(field.getValue(), at + "/" + field.getKey());
        }
        inCatch = false;
        assign(json, QueryLanguage.JSONATA, at);
    }

    private void expressions(JsonNode value, String at) {
        switch (value.getNodeType()) {
            case OBJECT ->
                    value.properties()
                            .forEach(e -> expressions(e.getValue(), at + "/" + e.getKey()));
            case ARRAY -> {
                for (int i = 0; i < value.size(); i++) {
                    expressions(value.get(i), at + "[" + i + "]");
                }
            }
            case STRING -> {
                String text = value.stringValue();
                if (JsonataExpressions.isExpression(text)) {
                    expression(JsonataExpressions.unwrap(text), at);
                }
            }
            default -> {}
        }
    }

    private void expression(String expression, String at) {
        Optional<String> error = JsonataExpressions.syntaxError(expression);
        if (error.isPresent()) {
            found(Code.INVALID_JSONATA_EXPRESSION, error.get(), at);
            return;
        }
        if (!inCatch && ERROR_OUTPUT.matcher(expression).find()) {
            found(
                    Code.UNSUPPORTED_JSONATA_EXPRESSION,
                    "Reference to '$states.errorOutput' is only supported in a 'Catch' field.",
                    at);
        }
        for (String reference : TopLevelReferences.in(expression)) {
            found(
                    Code.UNSUPPORTED_JSONATA_EXPRESSION,
                    "Reference to '%s' at the top level is not supported.".formatted(reference),
                    at);
        }
    }

    private void assign(ObjectNode json, QueryLanguage language, String at) {
        if (!json.has("Assign")) {
            return;
        }
        if (!(json.path("Assign") instanceof ObjectNode variables)) {
            schema("Expected value of type Object", at + "/Assign");
            return;
        }
        for (String name : variables.propertyNames()) {
            String plain =
                    language == QueryLanguage.JSONPATH && name.endsWith(".$")
                            ? name.substring(0, name.length() - 2)
                            : name;
            if (!VARIABLE_NAME.matcher(plain).matches() || plain.equals("states")) {
                schema("'%s' is not a valid variable name".formatted(plain), at + "/Assign");
            }
        }
        if (language == QueryLanguage.JSONPATH) {
            template(variables, at + "/Assign");
        }
    }

    private void jsonPath(ObjectNode json, String at) {
        for (String field : List.of("InputPath", "OutputPath")) {
            JsonNode path = json.path(field);
            if (json.has(field)
                    && !path.isNull()
                    && !(path.isString() && JsonPathScope.isPath(path.stringValue()))) {
                schema("Value is not a valid JSONPath", at + "/" + field);
            }
        }
        if (json.has("ItemsPath")
                && !(json.path("ItemsPath").isString()
                        && JsonPathScope.isPath(json.path("ItemsPath").stringValue()))) {
            schema("Value is not a valid JSONPath", at + "/ItemsPath");
        }
        resultPath(json, at);
        for (String field : List.of("Parameters", "ResultSelector", "ItemSelector")) {
            if (json.has(field)) {
                template(json.path(field), at + "/" + field);
            }
        }
        assign(json, QueryLanguage.JSONPATH, at);
    }

    private void resultPath(ObjectNode json, String at) {
        JsonNode path = json.path("ResultPath");
        if (json.has("ResultPath")
                && !path.isNull()
                && !(path.isString()
                        && JsonPathScope.isReferencePath(path.stringValue())
                        && !path.stringValue().startsWith("$$"))) {
            schema("Value is not a Reference Path", at + "/ResultPath");
        }
    }

    private void template(JsonNode template, String at) {
        if (template instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> e : object.properties()) {
                String here = at + "/" + e.getKey();
                if (!e.getKey().endsWith(".$")) {
                    template(e.getValue(), here);
                } else if (!e.getValue().isString()
                        || !JsonPathScope.isPath(e.getValue().stringValue())
                                && !IntrinsicFunctions.isCall(e.getValue().stringValue())) {
                    schema(
                            "The value for the field '%s' must be a valid JSONPath or a valid intrinsic function call"
                                    .formatted(e.getKey()),
                            here);
                }
            }
        } else if (template instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                template(array.get(i), at + "[" + i + "]");
            }
        }
    }
}
