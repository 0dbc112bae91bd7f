package dev.orderflow.order.approval;

/// The workflow that waits for a decision.
interface WaitingTask {

    /// Tells it the decision.
    ///
    /// @param token names the wait; a secret, never logged
    Reception tell(String token, Decision decision);

    /// How the workflow took it.
    sealed interface Reception {

        /// It goes on.
        record Taken() implements Reception {}

        /// It had its answer before, or waits no more.
        record NobodyWaits() implements Reception {}

        /// Nobody knows; to be told again.
        record Unreachable(String reason) implements Reception {}
    }
}
