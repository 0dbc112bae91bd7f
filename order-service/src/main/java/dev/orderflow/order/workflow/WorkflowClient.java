package dev.orderflow.order.workflow;

import java.util.Optional;
import java.util.UUID;

/// Starts workflows and looks up their executions.
interface WorkflowClient {

    /// Starts the workflow of an order. Repeating it changes nothing.
    StartWorkflowResult start(WorkflowInput input);

    /// Looks up the execution of an order's workflow.
    ExecutionLookup findExecution(UUID orderId);

    /// The result of looking up an execution.
    sealed interface ExecutionLookup {

        /// The execution is running.
        record RunningExecution() implements ExecutionLookup {}

        /// The execution succeeded.
        record CompletedExecution() implements ExecutionLookup {}

        /// The execution failed, timed out or was aborted.
        record UnsuccessfulExecution(FailedExecution.FailureStatus status)
                implements ExecutionLookup {}

        /// The execution was never started, or ended so long ago that Step Functions has deleted
        /// it.
        record MissingExecution() implements ExecutionLookup {}

        /// The lookup failed; try again later.
        record FailedLookup(String reason) implements ExecutionLookup {}
    }

    /// The state that an order's workflow entered last; empty when there is no execution.
    ///
    /// @throws RuntimeException when the lookup fails
    Optional<String> findLastState(UUID orderId);

    /// Why the execution of an order's workflow did not succeed; [ExecutionFailure#UNKNOWN] when
    /// there is no execution, or it is running again.
    ///
    /// @throws RuntimeException when the lookup fails
    ExecutionFailure findFailure(UUID orderId);

    /// The result of starting a workflow.
    sealed interface StartWorkflowResult {

        /// The execution was started.
        record ExecutionStarted() implements StartWorkflowResult {}

        /// The execution was started before and may have ended.
        record AlreadyStarted() implements StartWorkflowResult {}

        /// Step Functions refused the input permanently.
        record InputRefused(String reason) implements StartWorkflowResult {}

        /// The outcome is unknown; try again later.
        record StartUnavailable(String reason) implements StartWorkflowResult {}
    }
}
