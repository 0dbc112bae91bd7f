package dev.orderflow.operations.executions;

import java.util.List;
import java.util.Optional;

/// The executions of the workflow.
interface Workflows {

    /// One page of executions that ended badly.
    ///
    /// @param next where the following page begins, empty on the last
    record Page(List<FailedExecution> executions, Optional<String> next) {}

    /// @param cursor from the page before, empty to begin
    /// @throws IllegalArgumentException when the cursor is none
    Page failed(Optional<String> cursor, int limit);

    /// The execution of that name when it ended badly.
    Optional<FailedExecution> failed(String name);

    /// What Step Functions says to a redrive.
    sealed interface Answer {

        record Redriven() implements Answer {}

        /// @param why by name
        record Refused(String why) implements Answer {}
    }

    Answer redrive(FailedExecution execution);

    /// How a redriven execution fares.
    enum Progress {
        /// It ended well, has left the state it failed in, or has handed that state's request over
        /// and waits for the answer (a decision, a parcel), which may take days.
        WENT_ON,
        /// It is still in that state.
        STILL_THERE,
        /// It ended badly again.
        FAILED_AGAIN
    }

    Progress progress(FailedExecution before);
}
