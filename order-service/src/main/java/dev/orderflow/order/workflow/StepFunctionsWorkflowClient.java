package dev.orderflow.order.workflow;

import dev.orderflow.defaults.problem.FailureDescription;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.IncludedData;
import software.amazon.awssdk.services.sfn.model.InvalidArnException;
import software.amazon.awssdk.services.sfn.model.InvalidExecutionInputException;
import software.amazon.awssdk.services.sfn.model.InvalidNameException;
import software.amazon.awssdk.services.sfn.model.StateEnteredEventDetails;
import software.amazon.awssdk.services.sfn.model.ValidationException;
import tools.jackson.databind.json.JsonMapper;

/// Runs workflows as executions of Step Functions; the order's id is the execution's name.
@Component
class StepFunctionsWorkflowClient implements WorkflowClient {

    /// The most that Step Functions returns.
    private static final int PAGE_SIZE = 1000;

    /// An execution has at most 25,000 events. All of them may be of the last state, since a state
    /// is retried hundreds of times while shipping is unavailable.
    private static final int MAX_PAGES = 25;

    private final SfnClient stepFunctions;
    private final WorkflowProperties properties;

    StepFunctionsWorkflowClient(SfnClient stepFunctions, WorkflowProperties properties) {
        this.stepFunctions = stepFunctions;
        this.properties = properties;
    }

    @Override
    public Optional<String> findLastState(UUID orderId) {
        try {
            // Each page is read when the one before has no state.
            return stepFunctions
                    .getExecutionHistoryPaginator(
                            get ->
                                    get.executionArn(properties.executionArn(orderId))
                                            .reverseOrder(true)
                                            .includeExecutionData(false)
                                            .maxResults(PAGE_SIZE))
                    .stream()
                    .limit(MAX_PAGES)
                    .flatMap(page -> page.events().stream())
                    .map(HistoryEvent::stateEnteredEventDetails)
                    .filter(Objects::nonNull)
                    .map(StateEnteredEventDetails::name)
                    .findFirst();
        } catch (ExecutionDoesNotExistException | InvalidArnException _) {
            return Optional.empty();
        }
    }

    /// Reads all data, because error and cause are encrypted and are no metadata.
    @Override
    public ExecutionFailure findFailure(UUID orderId) {
        try {
            var execution =
                    stepFunctions.describeExecution(
                            describe -> describe.executionArn(properties.executionArn(orderId)));
            return ExecutionFailure.of(execution.error(), execution.cause());
        } catch (ExecutionDoesNotExistException | InvalidArnException _) {
            return ExecutionFailure.UNKNOWN;
        }
    }

    @Override
    public ExecutionLookup findExecution(UUID orderId) {
        try {
            var status =
                    stepFunctions
                            .describeExecution(
                                    describe ->
                                            describe.executionArn(properties.executionArn(orderId))
                                                    .includedData(IncludedData.METADATA_ONLY))
                            .status();
            return switch (status) {
                case RUNNING, PENDING_REDRIVE -> new ExecutionLookup.RunningExecution();
                case SUCCEEDED -> new ExecutionLookup.CompletedExecution();
                case FAILED ->
                        new ExecutionLookup.UnsuccessfulExecution(
                                FailedExecution.FailureStatus.FAILED);
                case TIMED_OUT ->
                        new ExecutionLookup.UnsuccessfulExecution(
                                FailedExecution.FailureStatus.TIMED_OUT);
                case ABORTED ->
                        new ExecutionLookup.UnsuccessfulExecution(
                                FailedExecution.FailureStatus.ABORTED);
                case UNKNOWN_TO_SDK_VERSION ->
                        new ExecutionLookup.FailedLookup(
                                "a status that this version of the SDK does not know");
            };
        } catch (ExecutionDoesNotExistException _) {
            return new ExecutionLookup.MissingExecution();
        } catch (SdkException failed) {
            return new ExecutionLookup.FailedLookup(FailureDescription.of(failed));
        }
    }

    @Override
    public StartWorkflowResult start(WorkflowInput input) {
        var json = JsonMapper.shared().writeValueAsString(input);
        try {
            stepFunctions.startExecution(
                    start ->
                            start.stateMachineArn(properties.stateMachineArn())
                                    .name(input.orderId().toString())
                                    .input(json));
            return new StartWorkflowResult.ExecutionStarted();
        } catch (ExecutionAlreadyExistsException _) {
            return new StartWorkflowResult.AlreadyStarted();
        } catch (InvalidExecutionInputException
                | InvalidNameException
                | ValidationException failure) {
            return new StartWorkflowResult.InputRefused(FailureDescription.of(failure));
        } catch (SdkException failed) {
            return new StartWorkflowResult.StartUnavailable(FailureDescription.of(failed));
        }
    }
}
