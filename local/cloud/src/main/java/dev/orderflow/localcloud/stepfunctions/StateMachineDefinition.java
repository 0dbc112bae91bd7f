package dev.orderflow.localcloud.stepfunctions;

import org.jspecify.annotations.Nullable;

/// A state machine's definition that has been found valid.
///
/// @param text as it was given
/// @param timeoutSeconds how long an execution may take, null for no bound
record StateMachineDefinition(
        String text, AslState.StateGraph flow, @Nullable Long timeoutSeconds) {}
