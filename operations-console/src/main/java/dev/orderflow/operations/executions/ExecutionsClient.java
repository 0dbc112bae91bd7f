package dev.orderflow.operations.executions;

import java.util.List;
import java.util.Optional;

/// Reads and redrives the executions of the workflow.
interface ExecutionsClient {

    /// One page of failed, timed-out and aborted executions.
    ///
    /// @param next the cursor of the next page, empty on the last
    record ExecutionsPage(List<StoppedExecution> executions, Optional<String> next) {}

    /// One page of failed, timed-out and aborted executions.
    ///
    /// @param cursor from the page before, empty to begin
    /// @throws IllegalArgumentException when the cursor is invalid
    ExecutionsPage findStopped(Optional<String> cursor, int limit);

    /// The execution with this name, if it failed, timed out or was aborted.
    Optional<StoppedExecution> findStopped(String name);

    /// The response of Step Functions to a redrive.
    sealed interface RedriveResult {

        record Redriven() implements RedriveResult {}

        /// @param reason why, as text for operators
        record NotRedriven(String reason) implements RedriveResult {}
    }

    RedriveResult redrive(StoppedExecution execution);

    /// The progress of a redriven execution.
    enum RedriveProgress {
        /// It succeeded, has left the failed state, or waits there for a task token (a decision, a
        /// parcel), which may take days.
        SUCCEEDED,
        /// It is still in the failed state.
        PENDING,
        /// It failed, timed out or was aborted again.
        FAILED_AGAIN
    }

    /// @param name the name of the execution
    /// @param failedState the state in which it failed before it was redriven
    RedriveProgress progress(String name, String failedState);
}
