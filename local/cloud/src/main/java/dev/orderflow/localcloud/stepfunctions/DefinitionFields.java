package dev.orderflow.localcloud.stepfunctions;

import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// The fields of the Amazon States Language: which exist in which object and query language, and
/// the rejection of all others.
final class DefinitionFields {

    private static final Set<String> COMMON = Set.of("Type", "Comment", "QueryLanguage");
    static final Set<String> MACHINE =
            Set.of("Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage");
    static final Set<String> GRAPH = Set.of("Comment", "StartAt", "States");
    static final Set<String> ITEM_PROCESSOR =
            Set.of("Comment", "ProcessorConfig", "StartAt", "States");
    static final Set<String> CATCHER =
            Set.of("ErrorEquals", "Next", "ResultPath", "Output", "Assign", "Comment");
    static final Set<String> RETRIER =
            Set.of(
                    "Comment",
                    "ErrorEquals",
                    "IntervalSeconds",
                    "MaxAttempts",
                    "BackoffRate",
                    "MaxDelaySeconds",
                    "JitterStrategy");

    /// Fields that exist in only one query language.
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

    static final Map<String, Set<String>> BY_STATE_TYPE =
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

    /// Fields that AWS supports and the local cloud does not, with the reason.
    private static final Map<String, String> UNSUPPORTED =
            Map.of(
                    "ItemReader", "local-cloud does not support distributed Map",
                    "ItemBatcher", "local-cloud does not support distributed Map",
                    "ResultWriter", "local-cloud does not support distributed Map",
                    "Credentials", "local-cloud does not support calls to other accounts");

    private final DiagnosticCollector diagnostics;

    DefinitionFields(DiagnosticCollector diagnostics) {
        this.diagnostics = diagnostics;
    }

    /// Rejects the fields that a state of this type and query language must not have.
    void validateState(ObjectNode json, Set<String> known, QueryLanguage language, String at) {
        for (String field : json.propertyNames()) {
            if (COMMON.contains(field)) {
                continue;
            }
            String reason = UNSUPPORTED.get(field);
            if (reason != null) {
                diagnostics.addSchemaError(
                        "Field '%s' is not supported: %s".formatted(field, reason), at);
            } else if (!known.contains(field)) {
                diagnostics.addSchemaError("Field '%s' is not supported".formatted(field), at);
            } else {
                rejectWrongLanguage(field, language, at);
            }
        }
    }

    /// Rejects a field that belongs to the other query language.
    ///
    /// @return whether it was rejected
    boolean rejectWrongLanguage(String field, QueryLanguage language, String at) {
        Set<String> others = language == QueryLanguage.JSONATA ? JSONPATH_ONLY : JSONATA_ONLY;
        if (!others.contains(field)) {
            return false;
        }
        diagnostics.addSchemaError(
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
}
