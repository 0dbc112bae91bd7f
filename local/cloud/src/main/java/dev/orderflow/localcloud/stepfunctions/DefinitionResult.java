package dev.orderflow.localcloud.stepfunctions;

import java.util.List;

/// The result of parsing a definition.
sealed interface DefinitionResult {

    record ValidDefinition(StateMachineDefinition definition) implements DefinitionResult {}

    record InvalidDefinition(List<Diagnostic> diagnostics) implements DefinitionResult {}
}
