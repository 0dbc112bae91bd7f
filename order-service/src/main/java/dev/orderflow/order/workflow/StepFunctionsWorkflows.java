package dev.orderflow.order.workflow;

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
import software.amazon.awssdk.services.sfn.model.SfnException;
import software.amazon.awssdk.services.sfn.model.StateEnteredEventDetails;
import software.amazon.awssdk.services.sfn.model.ValidationException;
import tools.jackson.databind.json.JsonMapper;

/// Executions of Step Functions, each with its order's id as its name.
@Component
class StepFunctionsWorkflows implements Workflows {

    /// A state that is tried 25 times leaves four events for each try.
    private static final int LATEST_EVENTS = 200;

    private final SfnClient stepFunctions;
    private final WorkflowProperties properties;

    StepFunctionsWorkflows(SfnClient stepFunctions, WorkflowProperties properties) {
        this.stepFunctions = stepFunctions;
        this.properties = properties;
    }

    @Override
    public Optional<String> lastState(UUID orderId) {
        try {
            return stepFunctions
                    .getExecutionHistory(
                            get ->
                                    get.executionArn(properties.executionArn(orderId))
                                            .reverseOrder(true)
                                            .includeExecutionData(false)
                                            .maxResults(LATEST_EVENTS))
                    .events()
                    .stream()
                    .map(HistoryEvent::stateEnteredEventDetails)
                    .filter(Objects::nonNull)
                    .map(StateEnteredEventDetails::name)
                    .findFirst();
        } catch (ExecutionDoesNotExistException | InvalidArnException _) {
            return Optional.empty();
        }
    }

    @Override
    public Existence find(UUID orderId) {
        try {
            var status =
                    stepFunctions
                            .describeExecution(
                                    describe ->
                                            describe.executionArn(properties.executionArn(orderId))
                                                    .includedData(IncludedData.METADATA_ONLY))
                            .status();
            return switch (status) {
                case RUNNING, PENDING_REDRIVE -> new Existence.Running();
                case SUCCEEDED -> new Existence.Succeeded();
                case FAILED -> new Existence.Ended(EndedExecution.Status.FAILED);
                case TIMED_OUT -> new Existence.Ended(EndedExecution.Status.TIMED_OUT);
                case ABORTED -> new Existence.Ended(EndedExecution.Status.ABORTED);
                case UNKNOWN_TO_SDK_VERSION -> new Existence.Unknown("a status that is not known");
            };
        } catch (ExecutionDoesNotExistException _) {
            return new Existence.Missing();
        } catch (SfnException failed) {
            return new Existence.Unknown(code(failed));
        } catch (SdkException failed) {
            return new Existence.Unknown(failed.getClass().getSimpleName());
        }
    }

    private static String code(SfnException failed) {
        var details = failed.awsErrorDetails();
        return details == null || details.errorCode() == null
                ? "HTTP " + failed.statusCode()
                : details.errorCode();
    }

    @Override
    public Start start(Fulfilment fulfilment) {
        var input = JsonMapper.shared().writeValueAsString(fulfilment);
        try {
            stepFunctions.startExecution(
                    start ->
                            start.stateMachineArn(properties.stateMachineArn())
                                    .name(fulfilment.orderId().toString())
                                    .input(input));
            return new Start.Started();
        } catch (ExecutionAlreadyExistsException _) {
            return new Start.StartedBefore();
        } catch (InvalidExecutionInputException
                | InvalidNameException
                | ValidationException refused) {
            return new Start.Refused(refused.getClass().getSimpleName());
        } catch (SfnException failed) {
            return new Start.Unavailable(code(failed));
        } catch (SdkException failed) {
            return new Start.Unavailable(failed.getClass().getSimpleName());
        }
    }
}
