package dev.orderflow.order.workflow;

import java.util.Optional;
import java.util.UUID;

/// Where workflows run.
interface WorkflowClient {

    /// Starts the workflow of an order. Starting it again changes nothing.
    StartResult start(WorkflowInput fulfilment);

    /// Whether an order's workflow exists.
    ExecutionLookup findExecution(UUID orderId);

    /// What is known of an order's workflow.
    sealed interface ExecutionLookup {

        /// It was started and works.
        record ExecutionRunning() implements ExecutionLookup {}

        /// It ended well.
        record ExecutionSucceeded() implements ExecutionLookup {}

        /// It ended badly.
        record ExecutionFailed(FailedExecution.FailureStatus status) implements ExecutionLookup {}

        /// It was never started, or ended so long ago that Step Functions has forgotten it.
        record ExecutionMissing() implements ExecutionLookup {}

        /// Nobody knows; to be asked again.
        record LookupFailed(String reason) implements ExecutionLookup {}
    }

    /// The state an order's workflow entered last; empty when it never started or is forgotten.
    ///
    /// @throws RuntimeException when it cannot be asked now
    Optional<String> findLastState(UUID orderId);

    /// What became of a start.
    sealed interface StartResult {

        /// It runs.
        record ExecutionStarted() implements StartResult {}

        /// It was started before, and may have ended since.
        record AlreadyStarted() implements StartResult {}

        /// It will never be started like this.
        record InputRefused(String reason) implements StartResult {}

        /// Nobody knows; to be tried again.
        record StartUnavailable(String reason) implements StartResult {}
    }
}
