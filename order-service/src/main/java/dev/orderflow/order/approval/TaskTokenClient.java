package dev.orderflow.order.approval;

/// Completes the task of a workflow that waits for a decision.
interface TaskTokenClient {

    /// Sends the decision to the workflow.
    ///
    /// @param token the task token; a secret, never logged
    TaskCompletionResult complete(String token, ApprovalDecision decision);

    /// The result of sending a decision.
    sealed interface TaskCompletionResult {

        /// The workflow took the decision and continues.
        record TaskCompleted() implements TaskCompletionResult {}

        /// The task was completed before, has timed out or is unknown.
        ///
        /// @param isRepeated whether the decision was sent more than once: an earlier attempt,
        ///     whose response was lost, may have completed the task
        record TaskTokenExpired(boolean isRepeated) implements TaskCompletionResult {}

        /// The outcome is unknown; send the decision again.
        record TaskServiceUnreachable(String reason) implements TaskCompletionResult {}
    }
}
