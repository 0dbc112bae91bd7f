package dev.orderflow.order.approval;

/// The workflow that waits for a decision.
interface TaskTokenClient {

    /// Tells it the decision.
    ///
    /// @param token names the wait; a secret, never logged
    TaskCompletionResult complete(String token, ApprovalDecision decision);

    /// How the workflow took it.
    sealed interface TaskCompletionResult {

        /// It goes on.
        record TaskCompleted() implements TaskCompletionResult {}

        /// It had its answer before, or waits no more.
        record TaskTokenExpired() implements TaskCompletionResult {}

        /// Nobody knows; to be told again.
        record TaskServiceUnreachable(String reason) implements TaskCompletionResult {}
    }
}
