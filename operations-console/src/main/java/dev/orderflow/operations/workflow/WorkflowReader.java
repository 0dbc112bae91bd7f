package dev.orderflow.operations.workflow;

import dev.orderflow.operations.OperationsProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;

/// Reads the definition of the state machine and the progress of executions.
@Component
public class WorkflowReader {

    private static final int MAX_EVENTS = 1_000;
    private static final int MAX_PAGES = 5;

    private final SfnClient stepFunctions;
    private final String stateMachineArn;

    WorkflowReader(SfnClient operationsStepFunctions, OperationsProperties properties) {
        this.stepFunctions = operationsStepFunctions;
        this.stateMachineArn = properties.stateMachineArn();
    }

    /// The definition that new executions run.
    ///
    /// @throws software.amazon.awssdk.core.exception.SdkException when Step Functions does not
    ///     respond
    public WorkflowDefinition readDefinition() {
        return WorkflowDefinition.parse(
                stepFunctions
                        .describeStateMachine(describe -> describe.stateMachineArn(stateMachineArn))
                        .definition());
    }

    /// The progress of an order's execution.
    ///
    /// @return empty when there is none, or not any more
    /// @throws software.amazon.awssdk.core.exception.SdkException when Step Functions does not
    ///     respond
    public Optional<ExecutionProgress> findProgress(UUID orderId) {
        var arn = stateMachineArn.replace(":stateMachine:", ":execution:") + ":" + orderId;
        try {
            var status =
                    stepFunctions
                            .describeExecution(describe -> describe.executionArn(arn))
                            .statusAsString();
            return Optional.of(ExecutionProgress.of(status, readEvents(arn)));
        } catch (ExecutionDoesNotExistException _) {
            return Optional.empty();
        }
    }

    private List<HistoryEvent> readEvents(String arn) {
        var events = new ArrayList<HistoryEvent>();
        @Nullable String token = null;
        for (int page = 0; page < MAX_PAGES; page++) {
            var next = token;
            var history =
                    stepFunctions.getExecutionHistory(
                            read ->
                                    read.executionArn(arn)
                                            .maxResults(MAX_EVENTS)
                                            .nextToken(next)
                                            .includeExecutionData(false));
            events.addAll(history.events());
            token = history.nextToken();
            if (token == null || token.isEmpty()) {
                break;
            }
        }
        return events;
    }
}
