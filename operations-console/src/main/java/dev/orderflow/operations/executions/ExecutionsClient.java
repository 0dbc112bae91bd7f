package dev.orderflow.operations.executions;

import java.util.List;
import java.util.Optional;

/// Reads and redrives the executions of the workflow.
interface ExecutionsClient {

    /// A failed, timed-out or aborted execution as a list has it, without what needs calls of its
    /// own.
    ///
    /// @param redriveCount how often it was redriven
    record ListedExecution(String name, int redriveCount) {}

    /// One page of failed, timed-out and aborted executions.
    ///
    /// @param next the cursor of the next page, which may have none; empty on the last
    record ExecutionsPage(List<ListedExecution> executions, Optional<String> next) {}

    /// One page of failed, timed-out and aborted executions. It may have none before the last one.
    ///
    /// @param cursor from the page before, empty to begin
    /// @throws IllegalArgumentException when the cursor is invalid
    ExecutionsPage listStopped(Optional<String> cursor, int limit);

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
