package dev.orderflow.localcloud.stepfunctions;

import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.JsonPathException;
import com.jayway.jsonpath.PathNotFoundException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The values that a JSONPath state's fields can refer to: the input as `$`, the context object as
/// `$$`, variables as `$name`.
final class JsonPathScope {

    private static final Configuration CONFIGURATION = Configuration.defaultConfiguration();
    private static final Pattern VARIABLE =
            Pattern.compile("\\$([\\p{L}_][\\p{L}\\p{N}_]*)(.*)", Pattern.DOTALL);
    private static final Pattern INDEX_AT_END = Pattern.compile("(.+)\\[\\d+]");
    private static final Pattern REFERENCE_STEP =
            Pattern.compile("\\.([^.\\[\\]]+)|\\[(\\d+)]|\\['([^']*)']|\\[\"([^\"]*)\"]");

    private final JsonNode input;
    private final JsonNode context;
    private final Map<String, JsonNode> variables;

    JsonPathScope(JsonNode input, JsonNode context, Map<String, JsonNode> variables) {
        this.input = input;
        this.context = context;
        this.variables = variables;
    }

    /// Returns this scope with another input.
    JsonPathScope over(JsonNode other) {
        return new JsonPathScope(other, context, variables);
    }

    JsonNode input() {
        return input;
    }

    /// Whether the text is syntactically a path.
    static boolean isPath(String text) {
        if (!text.startsWith("$")) {
            return false;
        }
        try {
            JsonPath.compile(jayway(text));
            return true;
        } catch (JsonPathException | IllegalArgumentException _) {
            return false;
        }
    }

    /// Whether the text is a path to exactly one node, as `ResultPath` and the choice operators
    /// require.
    static boolean isReferencePath(String text) {
        return text.equals("$")
                || text.startsWith("$")
                        && isPath(text)
                        && JsonPath.compile(jayway(text)).isDefinite()
                        && !text.contains("@")
                        && !text.contains("..");
    }

    private static String jayway(String path) {
        if (path.startsWith("$$")) {
            return "$" + path.substring(2);
        }
        var variable = VARIABLE.matcher(path);
        return variable.matches() ? "$" + variable.group(2) : path;
    }

    private JsonNode root(String path, String field) {
        if (path.startsWith("$$")) {
            return context;
        }
        var variable = VARIABLE.matcher(path);
        if (variable.matches()) {
            JsonNode value = variables.get(variable.group(1));
            if (value == null) {
                throw StateFailedException.runtime(
                        "The variable '$%s' referenced by the field '%s' is not defined"
                                .formatted(variable.group(1), field));
            }
            return value;
        }
        return input;
    }

    /// Returns the value at the path, empty if none exists.
    Optional<JsonNode> find(String path, String field) {
        JsonNode root = root(path, field);
        String compiled = jayway(path);
        if (compiled.equals("$") || compiled.isEmpty()) {
            return Optional.of(root);
        }
        JsonPath query;
        try {
            query = JsonPath.compile(compiled);
        } catch (InvalidPathException | IllegalArgumentException e) {
            throw StateFailedException.runtime(
                    "Invalid path '%s' : %s".formatted(path, e.getMessage()));
        }
        Object plain = StepFunctionsJson.plain(root, null);
        if (plain == null) {
            return query.isDefinite()
                    ? Optional.empty()
                    : Optional.of(StepFunctionsJson.NODES.arrayNode());
        }
        try {
            Object found = query.read(plain, CONFIGURATION);
            return Optional.of(StepFunctionsJson.tree(found));
        } catch (PathNotFoundException _) {
            if (!query.isDefinite()) {
                return Optional.of(StepFunctionsJson.NODES.arrayNode());
            }
            return nullPastArrayEnd(path, field);
        } catch (JsonPathException e) {
            throw StateFailedException.runtime(
                    "Invalid path '%s' : %s".formatted(path, e.getMessage()));
        }
    }

    /// An index past the end of an existing array finds null.
    private Optional<JsonNode> nullPastArrayEnd(String path, String field) {
        var match = INDEX_AT_END.matcher(path);
        return match.matches()
                ? find(match.group(1), field)
                        .filter(JsonNode::isArray)
                        .map(_ -> StepFunctionsJson.NODES.nullNode())
                : Optional.empty();
    }

    /// Returns the value at the path.
    ///
    /// @param field field with the path, for the error message
    JsonNode read(String path, String field) {
        return find(path, field)
                .orElseThrow(
                        () ->
                                StateFailedException.runtime(
                                        "The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'"
                                                .formatted(
                                                        path,
                                                        field,
                                                        StepFunctionsJson.text(
                                                                path.startsWith("$$")
                                                                        ? context
                                                                        : input))));
    }

    /// Evaluates a path or a call of an intrinsic function.
    JsonNode pathOrFunction(String text, String field) {
        return text.startsWith("States.")
                ? IntrinsicFunctions.call(text, this, field)
                : read(text, field);
    }

    /// Evaluates a payload template: every field whose name ends with `.$` gets the value of its
    /// path.
    JsonNode template(JsonNode template) {
        return switch (template.getNodeType()) {
            case OBJECT -> {
                ObjectNode object = StepFunctionsJson.object();
                template.properties()
                        .forEach(
                                e -> {
                                    String key = e.getKey();
                                    if (key.endsWith(".$") && e.getValue().isString()) {
                                        object.set(
                                                key.substring(0, key.length() - 2),
                                                pathOrFunction(e.getValue().stringValue(), key));
                                    } else {
                                        object.set(key, template(e.getValue()));
                                    }
                                });
                yield object;
            }
            case ARRAY -> {
                ArrayNode array = StepFunctionsJson.NODES.arrayNode(template.size());
                template.forEach(e -> array.add(template(e)));
                yield array;
            }
            default -> template;
        };
    }

    /// Applies `InputPath` or `OutputPath`: absent selects everything, null gives `{}`.
    JsonNode select(JsonNode pathField, String field) {
        if (pathField.isMissingNode()) {
            return input;
        }
        return pathField.isNull()
                ? StepFunctionsJson.object()
                : pathOrFunction(pathField.stringValue(), field);
    }

    /// Applies `ResultPath`: inserts the result into the raw input of the state.
    static JsonNode place(JsonNode resultPath, JsonNode rawInput, JsonNode result) {
        if (resultPath.isNull()) {
            return rawInput;
        }
        String path = resultPath.isMissingNode() ? "$" : resultPath.stringValue();
        if (path.equals("$")) {
            return result;
        }
        if (!rawInput.isContainer()) {
            throw StateFailedException.interpreter(
                    "States.ResultPathMatchFailure",
                    "Unable to apply ReferencePath %s to input %s"
                            .formatted(path, StepFunctionsJson.text(rawInput)));
        }
        JsonNode copy = rawInput.deepCopy();
        JsonNode at = copy;
        var steps = REFERENCE_STEP.matcher(path.substring(1)).results().toList();
        for (int i = 0; i < steps.size(); i++) {
            var step = steps.get(i);
            boolean last = i == steps.size() - 1;
            if (step.group(2) != null) {
                int index = Integer.parseInt(step.group(2));
                if (!(at instanceof ArrayNode array) || index >= array.size()) {
                    throw unmatched(path, rawInput);
                }
                if (last) {
                    array.set(index, result);
                } else {
                    at = array.get(index);
                }
                continue;
            }
            String name =
                    step.group(1) != null
                            ? step.group(1)
                            : step.group(3) != null ? step.group(3) : step.group(4);
            if (!(at instanceof ObjectNode object)) {
                throw unmatched(path, rawInput);
            }
            if (last) {
                object.set(name, result);
            } else {
                JsonNode next = object.get(name);
                if (next == null || !next.isContainer()) {
                    next = StepFunctionsJson.object();
                    object.set(name, next);
                }
                at = next;
            }
        }
        return copy;
    }

    private static StateFailedException unmatched(String path, JsonNode input) {
        return StateFailedException.interpreter(
                "States.ResultPathMatchFailure",
                "Unable to apply ReferencePath %s to input %s"
                        .formatted(path, StepFunctionsJson.text(input)));
    }
}
