package dev.orderflow.localcloud.stepfunctions;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One error in a definition.
///
/// @param location path like `/States/A/Next`, null where AWS reports none
record Diagnostic(Code code, String message, @Nullable String location) {

    /// The codes of AWS's `ValidateStateMachineDefinitionDiagnostic`.
    enum Code {
        INVALID_JSON_DESCRIPTION,
        MISSING_DESCRIPTION,
        SCHEMA_VALIDATION_FAILED,
        INVALID_RESOURCE,
        MISSING_END_STATE,
        DUPLICATE_STATE_NAME,
        INVALID_STATE_NAME,
        MISSING_TRANSITION_TARGET,
        INVALID_JSONATA_EXPRESSION,
        UNSUPPORTED_JSONATA_EXPRESSION
    }

    /// The message of `InvalidDefinition` for these diagnostics.
    static String message(List<Diagnostic> findings) {
        return findings.stream()
                .map(
                        f ->
                                f.code
                                        + ": "
                                        + f.message
                                        + (f.location == null ? "" : " at " + f.location))
                .collect(Collectors.joining(", ", "Invalid State Machine Definition: '", "'"));
    }
}
