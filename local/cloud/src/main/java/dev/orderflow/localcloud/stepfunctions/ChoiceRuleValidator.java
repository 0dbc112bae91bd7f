package dev.orderflow.localcloud.stepfunctions;

import java.util.ArrayList;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Validates the rules of Choice states.
final class ChoiceRuleValidator {

    private final DiagnosticCollector diagnostics;
    private final DefinitionFields fields;

    ChoiceRuleValidator(DiagnosticCollector diagnostics, DefinitionFields fields) {
        this.diagnostics = diagnostics;
        this.fields = fields;
    }

    /// Validates a rule of a JSONata Choice.
    void validateJsonata(ObjectNode rule, String at) {
        for (String field : rule.propertyNames()) {
            if (!Set.of("Condition", "Next", "Output", "Assign", "Comment").contains(field)
                    && !fields.rejectWrongLanguage(field, QueryLanguage.JSONATA, at)) {
                diagnostics.addSchemaError("Field '%s' is not supported".formatted(field), at);
            }
        }
        if (!rule.has("Condition")) {
            diagnostics.addSchemaError("These fields are required: [Condition]", at);
        } else if (!rule.path("Condition").isBoolean()
                && !ExpressionValidator.isExpression(
                        rule.path("Condition"), QueryLanguage.JSONATA)) {
            diagnostics.addSchemaError(
                    "Value is not a valid JSONata expression or boolean", at + "/Condition");
        }
    }

    /// Validates a rule of a JSONPath Choice.
    void validateJsonPath(ObjectNode rule, String at) {
        validateJsonPath(rule, at, true);
    }

    private void validateJsonPath(ObjectNode rule, String at, boolean top) {
        var operators = new ArrayList<String>();
        for (String field : rule.propertyNames()) {
            if (ChoiceComparison.OPERATORS.contains(field)
                    || Set.of("And", "Or", "Not").contains(field)) {
                operators.add(field);
            } else if (!Set.of("Variable", "Comment").contains(field)
                    && !(top && Set.of("Next", "Assign").contains(field))
                    && !fields.rejectWrongLanguage(field, QueryLanguage.JSONPATH, at)) {
                diagnostics.addSchemaError("Field '%s' is not supported".formatted(field), at);
            }
        }
        if (operators.size() != 1) {
            diagnostics.addSchemaError("Exactly one comparison operator is required", at);
            return;
        }
        String operator = operators.getFirst();
        JsonNode operand = rule.path(operator);
        switch (operator) {
            case "Not" -> validateNested(operand, at + "/Not");
            case "And", "Or" -> {
                if (!operand.isArray() || operand.isEmpty()) {
                    diagnostics.addSchemaError("Expected value of type Array", at + "/" + operator);
                } else {
                    for (int i = 0; i < operand.size(); i++) {
                        validateNested(operand.get(i), at + "/" + operator + "[" + i + "]");
                    }
                }
            }
            default -> {
                if (!rule.path("Variable").isString()) {
                    diagnostics.addSchemaError("These fields are required: [Variable]", at);
                } else if (!JsonPathScope.isPath(rule.path("Variable").stringValue())) {
                    diagnostics.addSchemaError("Value is not a Reference Path", at + "/Variable");
                }
                validateOperand(operator, operand, at + "/" + operator);
            }
        }
    }

    private void validateNested(JsonNode rule, String at) {
        if (rule instanceof ObjectNode object) {
            validateJsonPath(object, at, false);
        } else {
            diagnostics.addSchemaError("Expected value of type Object", at);
        }
    }

    private void validateOperand(String operator, JsonNode value, String at) {
        if (operator.endsWith("Path")) {
            if (!value.isString() || !JsonPathScope.isPath(value.stringValue())) {
                diagnostics.addSchemaError("Value is not a Reference Path", at);
            }
        } else if (operator.startsWith("Is") || operator.startsWith("Boolean")) {
            if (!value.isBoolean()) {
                diagnostics.addSchemaError("Expected value of type Boolean", at);
            }
        } else if (operator.startsWith("Numeric")) {
            if (!value.isNumber()) {
                diagnostics.addSchemaError("Expected value of type Number", at);
            }
        } else if (!value.isString()) {
            diagnostics.addSchemaError("Expected value of type String", at);
        }
    }
}
