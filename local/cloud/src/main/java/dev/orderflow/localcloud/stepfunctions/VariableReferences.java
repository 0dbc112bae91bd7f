package dev.orderflow.localcloud.stepfunctions;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Finds the variables that each state of a definition reads, as `DescribeStateMachine` lists them.
final class VariableReferences {

    private static final String NAME = "[\\p{L}_][\\p{L}\\p{N}_]*";
    private static final Pattern QUOTED =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"|'(?:[^'\\\\]|\\\\.)*+'");
    private static final Pattern VARIABLE =
            Pattern.compile("(?<!\\$)\\$(" + NAME + ")(?!\\s*\\()(?![\\p{L}\\p{N}_])");
    private static final Pattern BOUND = Pattern.compile("\\$(" + NAME + ")\\s*:=");
    private static final Pattern PARAMETERS = Pattern.compile("(?:function|λ)\\s*\\(([^)]*)\\)");

    /// Nested states are listed separately.
    private static final Set<String> OF_OTHERS =
            Set.of("Branches", "ItemProcessor", "Iterator", "States");

    private VariableReferences() {}

    /// @param definition a valid definition
    /// @return variable names by state, without states that read none
    static ObjectNode in(String definition) {
        ObjectNode found = StepFunctionsJson.object();
        flow(StepFunctionsJson.parse(definition), found);
        return found;
    }

    private static void flow(JsonNode flow, ObjectNode found) {
        for (Map.Entry<String, JsonNode> state : flow.path("States").properties()) {
            var names = new LinkedHashSet<String>();
            for (Map.Entry<String, JsonNode> field : state.getValue().properties()) {
                if (!OF_OTHERS.contains(field.getKey())) {
                    read(field.getKey(), field.getValue(), names);
                }
            }
            if (!names.isEmpty()) {
                var list = found.putArray(state.getKey());
                names.forEach(list::add);
            }
            state.getValue().path("Branches").forEach(branch -> flow(branch, found));
            flow(state.getValue().path("ItemProcessor"), found);
            flow(state.getValue().path("Iterator"), found);
        }
    }

    private static void read(String field, JsonNode value, Set<String> names) {
        if (value.isContainer()) {
            if (value.isArray()) {
                value.forEach(item -> read(field, item, names));
            }
            value.properties().forEach(member -> read(member.getKey(), member.getValue(), names));
            return;
        }
        if (!value.isString()) {
            return;
        }
        String text = value.stringValue();
        if (JsonataExpressions.isExpression(text)) {
            expression(JsonataExpressions.unwrap(text), names);
        } else if (field.endsWith(".$") || field.endsWith("Path") || field.equals("Variable")) {
            variables(QUOTED.matcher(text).replaceAll(""), names);
        }
    }

    private static void expression(String expression, Set<String> names) {
        String code = QUOTED.matcher(expression).replaceAll("");
        var read = new LinkedHashSet<String>();
        variables(code, read);
        read.remove("states");
        BOUND.matcher(code).results().forEach(bound -> read.remove(bound.group(1)));
        PARAMETERS
                .matcher(code)
                .results()
                .forEach(
                        parameters -> {
                            var own = new LinkedHashSet<String>();
                            variables(parameters.group(1), own);
                            read.removeAll(own);
                        });
        names.addAll(read);
    }

    private static void variables(String code, Set<String> names) {
        VARIABLE.matcher(code).results().forEach(variable -> names.add(variable.group(1)));
    }
}
