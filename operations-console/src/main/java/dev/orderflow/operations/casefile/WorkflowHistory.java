package dev.orderflow.operations.casefile;

import dev.orderflow.defaults.history.OrderHistory;
import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.OrderHistoryMarks;
import dev.orderflow.defaults.history.OrderHistoryOutcome;
import dev.orderflow.defaults.history.OrderHistoryState;
import dev.orderflow.operations.OperationsProperties;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;

/// The execution of an order's workflow: each attempt of each step, the pauses between attempts,
/// redrives and compensations. Neither input nor output is read, nor the cause of an error, which
/// may quote them.
@Component
class WorkflowHistory implements CaseFilePart {

    private static final String WORKFLOW = "workflow";
    private static final int PAGE_SIZE = 1_000;
    private static final int MAX_PAGES = 5;
    private static final Pattern ERROR_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,80}");

    private final SfnClient stepFunctions;
    private final String stateMachineArn;

    WorkflowHistory(SfnClient operationsStepFunctions, OperationsProperties properties) {
        this.stepFunctions = operationsStepFunctions;
        this.stateMachineArn = properties.stateMachineArn();
    }

    @Override
    public String name() {
        return "Step Functions";
    }

    @Override
    public OrderHistory read(UUID orderId) {
        // The name of an execution is the id of its order.
        var arn = stateMachineArn.replace(":stateMachine:", ":execution:") + ":" + orderId;
        DescribeExecutionResponse execution;
        try {
            execution = stepFunctions.describeExecution(describe -> describe.executionArn(arn));
        } catch (ExecutionDoesNotExistException _) {
            return OrderHistory.of(List.of(), List.of());
        }
        var reader = new EventReader(orderId);
        boolean complete = readEvents(arn, reader);
        var entries = reader.end();
        return new OrderHistory(
                List.of(
                        new OrderHistoryState(
                                WORKFLOW,
                                execution.statusAsString(),
                                describe(execution, reader.lastState()))),
                entries.stream().limit(OrderHistory.MAX_ENTRIES).toList(),
                complete && entries.size() <= OrderHistory.MAX_ENTRIES);
    }

    private static String describe(DescribeExecutionResponse execution, String lastState) {
        return switch (execution.status()) {
            case RUNNING -> "The workflow is RUNNING in the state %s.".formatted(lastState);
            case SUCCEEDED -> "The workflow has SUCCEEDED.";
            default ->
                    "The workflow is %s in the state %s%s."
                            .formatted(
                                    execution.statusAsString(),
                                    lastState,
                                    findErrorName(execution.error())
                                            .map(" with the error "::concat)
                                            .orElse(""));
        };
    }

    private boolean readEvents(String arn, EventReader reader) {
        String token = null;
        for (int page = 0; page < MAX_PAGES; page++) {
            var next = token;
            var response =
                    stepFunctions.getExecutionHistory(
                            history ->
                                    history.executionArn(arn)
                                            .maxResults(PAGE_SIZE)
                                            .includeExecutionData(false)
                                            .nextToken(next));
            response.events().forEach(reader::read);
            token = response.nextToken();
            if (token == null || token.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static Optional<String> findErrorName(@Nullable String error) {
        return Optional.ofNullable(error).filter(it -> ERROR_NAME.matcher(it).matches());
    }

    /// Translates the events of an execution, in their sequence.
    private static final class EventReader {

        private final UUID orderId;
        private final List<OrderHistoryEntry> entries = new ArrayList<>();
        private final Map<String, Integer> attempts = new HashMap<>();
        private String state = "unknown";
        private Optional<Instant> failedAt = Optional.empty();

        EventReader(UUID orderId) {
            this.orderId = orderId;
        }

        String lastState() {
            return state;
        }

        List<OrderHistoryEntry> end() {
            return entries;
        }

        void read(HistoryEvent event) {
            var at = event.timestamp();
            switch (event.type()) {
                case EXECUTION_STARTED ->
                        add(
                                at,
                                "WORKFLOW_STARTED",
                                OrderHistoryOutcome.DONE,
                                "The workflow was started.",
                                entry -> entry.after(OrderHistoryMarks.published("OrderCreated")));
                case EXECUTION_REDRIVEN ->
                        add(
                                at,
                                "WORKFLOW_REDRIVEN",
                                OrderHistoryOutcome.REPEATED,
                                "The workflow was redriven at the state %s.".formatted(state),
                                entry -> entry);
                case EXECUTION_SUCCEEDED ->
                        add(
                                at,
                                "WORKFLOW_SUCCEEDED",
                                OrderHistoryOutcome.DONE,
                                "The workflow ended.",
                                entry -> entry);
                case EXECUTION_FAILED ->
                        addExecutionEnded(
                                at,
                                "WORKFLOW_FAILED",
                                event.executionFailedEventDetails() == null
                                        ? null
                                        : event.executionFailedEventDetails().error());
                case EXECUTION_TIMED_OUT ->
                        addExecutionEnded(
                                at,
                                "WORKFLOW_TIMED_OUT",
                                event.executionTimedOutEventDetails() == null
                                        ? null
                                        : event.executionTimedOutEventDetails().error());
                case EXECUTION_ABORTED ->
                        addExecutionEnded(
                                at,
                                "WORKFLOW_ABORTED",
                                event.executionAbortedEventDetails() == null
                                        ? null
                                        : event.executionAbortedEventDetails().error());
                case TASK_STATE_ENTERED -> {
                    if (event.stateEnteredEventDetails() != null) {
                        state = event.stateEnteredEventDetails().name();
                        failedAt = Optional.empty();
                    }
                }
                case TASK_SCHEDULED -> addStepStarted(at);
                case TASK_SUCCEEDED ->
                        add(
                                at,
                                "STEP_SUCCEEDED",
                                OrderHistoryOutcome.DONE,
                                "The step %s succeeded.".formatted(state),
                                entry -> WorkflowStep.of(state).afterAnswer(entry, orderId));
                case TASK_FAILED ->
                        addStepFailed(
                                at,
                                event.taskFailedEventDetails() == null
                                        ? null
                                        : event.taskFailedEventDetails().error());
                case TASK_TIMED_OUT ->
                        addStepFailed(
                                at,
                                event.taskTimedOutEventDetails() == null
                                        ? "States.Timeout"
                                        : event.taskTimedOutEventDetails().error());
                case TASK_START_FAILED ->
                        addStepFailed(
                                at,
                                event.taskStartFailedEventDetails() == null
                                        ? null
                                        : event.taskStartFailedEventDetails().error());
                case TASK_SUBMIT_FAILED ->
                        addStepFailed(
                                at,
                                event.taskSubmitFailedEventDetails() == null
                                        ? null
                                        : event.taskSubmitFailedEventDetails().error());
                default -> {}
            }
        }

        private void addStepStarted(Instant at) {
            int attempt = attempts.merge(state, 1, Integer::sum);
            failedAt.ifPresent(
                    since ->
                            entries.add(
                                    OrderHistoryEntry.of(
                                                    since,
                                                    WORKFLOW,
                                                    "STEP_BACK_OFF",
                                                    OrderHistoryOutcome.WAITING,
                                                    "The workflow waited before it tried the step %s again."
                                                            .formatted(state))
                                            .until(at)));
            failedAt = Optional.empty();
            add(
                    at,
                    "STEP_STARTED",
                    attempt == 1 ? OrderHistoryOutcome.DONE : OrderHistoryOutcome.REPEATED,
                    WorkflowStep.of(state).describe(state)
                            + (attempt == 1 ? "." : ", attempt %d.".formatted(attempt)),
                    entry -> WorkflowStep.of(state).markRequest(entry, orderId));
        }

        private void addStepFailed(Instant at, @Nullable String error) {
            failedAt = Optional.of(at);
            add(
                    at,
                    "STEP_FAILED",
                    WorkflowStep.isRefusal(state, error)
                            ? OrderHistoryOutcome.REFUSED
                            : OrderHistoryOutcome.FAILED,
                    "The step %s failed with %s."
                            .formatted(state, findErrorName(error).orElse("an error")),
                    entry -> entry.withId("error", findErrorName(error).orElse(null)));
        }

        private void addExecutionEnded(Instant at, String type, @Nullable String error) {
            failedAt = Optional.empty();
            add(
                    at,
                    type,
                    OrderHistoryOutcome.FAILED,
                    "The workflow ended in the state %s with %s; it waits for an operator."
                            .formatted(state, findErrorName(error).orElse("an error")),
                    entry -> entry);
        }

        private void add(
                Instant at,
                String type,
                OrderHistoryOutcome outcome,
                String summary,
                UnaryOperator<OrderHistoryEntry> more) {
            entries.add(
                    more.apply(
                            OrderHistoryEntry.of(at, WORKFLOW, type, outcome, summary)
                                    .withId("execution", orderId.toString())
                                    .withId("state", state)));
        }
    }
}
