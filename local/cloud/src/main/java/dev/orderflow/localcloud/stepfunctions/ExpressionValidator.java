package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.stepfunctions.Diagnostic.Code;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Validates the expressions, paths and templates of a definition's states.
final class ExpressionValidator {

    private static final Pattern VARIABLE_NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]{0,79}");

    private static final Pattern ERROR_OUTPUT =
            Pattern.compile("\\$states\\s*\\.\\s*(errorOutput\\b|`errorOutput`)");

    /// Fields that contain no expressions, or are validated separately.
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

    private final DiagnosticCollector diagnostics;

    /// Whether the current field is a Catch, the only place for `$states.errorOutput`.
    private boolean inCatch;

    ExpressionValidator(DiagnosticCollector diagnostics) {
        this.diagnostics = diagnostics;
    }

    /// Validates the expressions of a JSONata state.
    void validateJsonata(ObjectNode json, String at) {
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (NOT_EVALUATED.contains(field.getKey())) {
                continue;
            }
            inCatch = field.getKey().equals("Catch");
            validateExpressions(field.getValue(), at + "/" + field.getKey());
        }
        inCatch = false;
        validateAssign(json, QueryLanguage.JSONATA, at);
    }

    private void validateExpressions(JsonNode value, String at) {
        switch (value.getNodeType()) {
            case OBJECT ->
                    value.properties()
                            .forEach(e -> validateExpressions(e.getValue(), at + "/" + e.getKey()));
            case ARRAY -> {
                for (int i = 0; i < value.size(); i++) {
                    validateExpressions(value.get(i), at + "[" + i + "]");
                }
            }
            case STRING -> {
                String text = value.stringValue();
                if (JsonataExpressions.isExpression(text)) {
                    validateExpression(JsonataExpressions.unwrap(text), at);
                }
            }
            default -> {}
        }
    }

    private void validateExpression(String expression, String at) {
        Optional<String> error = JsonataExpressions.syntaxError(expression);
        if (error.isPresent()) {
            diagnostics.add(Code.INVALID_JSONATA_EXPRESSION, error.get(), at);
            return;
        }
        if (!inCatch && ERROR_OUTPUT.matcher(expression).find()) {
            diagnostics.add(
                    Code.UNSUPPORTED_JSONATA_EXPRESSION,
                    "Reference to '$states.errorOutput' is only supported in a 'Catch' field.",
                    at);
        }
        for (String reference : TopLevelReferences.in(expression)) {
            diagnostics.add(
                    Code.UNSUPPORTED_JSONATA_EXPRESSION,
                    "Reference to '%s' at the top level is not supported.".formatted(reference),
                    at);
        }
    }

    /// Validates `Assign`.
    void validateAssign(ObjectNode json, QueryLanguage language, String at) {
        if (!json.has("Assign")) {
            return;
        }
        if (!(json.path("Assign") instanceof ObjectNode variables)) {
            diagnostics.addSchemaError("Expected value of type Object", at + "/Assign");
            return;
        }
        for (String name : variables.propertyNames()) {
            String plain = withoutSuffix(name, language);
            if (!VARIABLE_NAME.matcher(plain).matches() || plain.equals("states")) {
                diagnostics.addSchemaError(
                        "'%s' is not a valid variable name".formatted(plain), at + "/Assign");
            }
        }
        if (language == QueryLanguage.JSONPATH) {
            validateTemplate(variables, at + "/Assign");
        }
    }

    /// Validates the paths and templates of a JSONPath state.
    void validateJsonPath(ObjectNode json, String at) {
        for (String field : List.of("InputPath", "OutputPath")) {
            JsonNode path = json.path(field);
            if (json.has(field)
                    && !path.isNull()
                    && !(path.isString() && JsonPathScope.isPath(path.stringValue()))) {
                diagnostics.addSchemaError("Value is not a valid JSONPath", at + "/" + field);
            }
        }
        if (json.has("ItemsPath")
                && !(json.path("ItemsPath").isString()
                        && JsonPathScope.isPath(json.path("ItemsPath").stringValue()))) {
            diagnostics.addSchemaError("Value is not a valid JSONPath", at + "/ItemsPath");
        }
        validateResultPath(json, at);
        for (String field : List.of("Parameters", "ResultSelector", "ItemSelector")) {
            if (json.has(field)) {
                validateTemplate(json.path(field), at + "/" + field);
            }
        }
        validateAssign(json, QueryLanguage.JSONPATH, at);
    }

    /// Validates `ResultPath`.
    void validateResultPath(ObjectNode json, String at) {
        JsonNode path = json.path("ResultPath");
        if (json.has("ResultPath")
                && !path.isNull()
                && !(path.isString()
                        && JsonPathScope.isReferencePath(path.stringValue())
                        && !path.stringValue().startsWith("$$"))) {
            diagnostics.addSchemaError("Value is not a Reference Path", at + "/ResultPath");
        }
    }

    private void validateTemplate(JsonNode template, String at) {
        if (template instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> e : object.properties()) {
                String here = at + "/" + e.getKey();
                if (!e.getKey().endsWith(".$")) {
                    validateTemplate(e.getValue(), here);
                } else if (!e.getValue().isString()
                        || !JsonPathScope.isPath(e.getValue().stringValue())
                                && !IntrinsicFunctions.isCall(e.getValue().stringValue())) {
                    diagnostics.addSchemaError(
                            "The value for the field '%s' must be a valid JSONPath or a valid intrinsic function call"
                                    .formatted(e.getKey()),
                            here);
                }
            }
        } else if (template instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                validateTemplate(array.get(i), at + "[" + i + "]");
            }
        }
    }

    /// Validates a field that must be a reference path.
    void validateReferencePath(ObjectNode json, String field, String at) {
        if (json.has(field)
                && !(json.path(field).isString()
                        && JsonPathScope.isReferencePath(json.path(field).stringValue()))) {
            diagnostics.addSchemaError("Value is not a Reference Path", at + "/" + field);
        }
    }

    /// Validates a string field and its alternative with the suffix `Path`.
    void validateTextOrPath(ObjectNode json, String field, String at) {
        if (json.has(field) && !json.path(field).isString()) {
            diagnostics.addSchemaError("Expected value of type String", at + "/" + field);
        }
        String pathField = field + "Path";
        if (json.has(pathField)) {
            String path = json.path(pathField).asString("");
            if (!JsonPathScope.isPath(path) && !IntrinsicFunctions.isCall(path)) {
                diagnostics.addSchemaError("Value is not a valid JSONPath", at + "/" + pathField);
            }
        }
    }

    /// A field name without the suffix `.$`, which marks a path as the value in JSONPath.
    static String withoutSuffix(String name, QueryLanguage language) {
        return language == QueryLanguage.JSONPATH && name.endsWith(".$")
                ? name.substring(0, name.length() - 2)
                : name;
    }

    /// Whether a value is a JSONata expression in this query language.
    static boolean isExpression(JsonNode value, QueryLanguage language) {
        return language == QueryLanguage.JSONATA
                && value.isString()
                && JsonataExpressions.isExpression(value.stringValue());
    }
}
