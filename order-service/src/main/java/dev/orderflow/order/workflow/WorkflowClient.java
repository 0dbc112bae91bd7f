package dev.orderflow.order.workflow;

import java.util.Optional;
import java.util.UUID;

/// Starts workflows and looks up their executions.
interface WorkflowClient {

    /// Starts the workflow of an order. Repeating it changes nothing.
    StartResult start(WorkflowInput fulfilment);

    /// Looks up the execution of an order's workflow.
    ExecutionLookup findExecution(UUID orderId);

    /// The result of looking up an execution.
    sealed interface ExecutionLookup {

        /// The execution is running.
        record ExecutionRunning() implements ExecutionLookup {}

        /// The execution succeeded.
        record ExecutionSucceeded() implements ExecutionLookup {}

        /// The execution failed, timed out or was aborted.
        record ExecutionFailed(FailedExecution.FailureStatus status) implements ExecutionLookup {}

        /// The execution was never started, or ended so long ago that Step Functions has deleted
        /// it.
        record ExecutionMissing() implements ExecutionLookup {}

        /// The lookup failed; try again later.
        record LookupFailed(String reason) implements ExecutionLookup {}
    }

    /// The state that an order's workflow entered last; empty when there is no execution.
    ///
    /// @throws RuntimeException when the lookup fails
    Optional<String> findLastState(UUID orderId);

    /// The result of starting a workflow.
    sealed interface StartResult {

        /// The execution was started.
        record ExecutionStarted() implements StartResult {}

        /// The execution was started before and may have ended.
        record AlreadyStarted() implements StartResult {}

        /// Step Functions refused the input permanently.
        record InputRefused(String reason) implements StartResult {}

        /// The outcome is unknown; try again later.
        record StartUnavailable(String reason) implements StartResult {}
    }
}
