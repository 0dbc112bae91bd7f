package dev.orderflow.operations.executions;

import java.util.List;
import java.util.Optional;

/// The executions of the workflow.
interface ExecutionsClient {

    /// One page of executions that ended badly.
    ///
    /// @param next where the following page begins, empty on the last
    record ExecutionsPage(List<StoppedExecution> executions, Optional<String> next) {}

    /// @param cursor from the page before, empty to begin
    /// @throws IllegalArgumentException when the cursor is none
    ExecutionsPage failed(Optional<String> cursor, int limit);

    /// The execution of that name when it ended badly.
    Optional<StoppedExecution> failed(String name);

    /// What Step Functions says to a redrive.
    sealed interface RedriveResult {

        record Redriven() implements RedriveResult {}

        /// @param why by name
        record Refused(String why) implements RedriveResult {}
    }

    RedriveResult redrive(StoppedExecution execution);

    /// How a redriven execution fares.
    enum RedriveProgress {
        /// It ended well, has left the state it failed in, or has handed that state's request over
        /// and waits for the answer (a decision, a parcel), which may take days.
        WENT_ON,
        /// It is still in that state.
        STILL_THERE,
        /// It ended badly again.
        FAILED_AGAIN
    }

    RedriveProgress progress(StoppedExecution before);
}
