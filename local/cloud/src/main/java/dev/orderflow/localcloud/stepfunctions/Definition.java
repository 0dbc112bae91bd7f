package dev.orderflow.localcloud.stepfunctions;

import org.jspecify.annotations.Nullable;

/// A state machine's definition that has been found valid.
///
/// @param text as it was given
/// @param timeoutSeconds how long an execution may take, null for no bound
record Definition(String text, State.Flow flow, @Nullable Long timeoutSeconds) {}
