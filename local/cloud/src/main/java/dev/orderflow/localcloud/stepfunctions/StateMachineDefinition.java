package dev.orderflow.localcloud.stepfunctions;

import org.jspecify.annotations.Nullable;

/// A valid definition.
///
/// @param text the definition as given
/// @param timeoutSeconds time-out of an execution, null for no limit
record StateMachineDefinition(
        String text, AslState.StateGraph flow, @Nullable Long timeoutSeconds) {}
