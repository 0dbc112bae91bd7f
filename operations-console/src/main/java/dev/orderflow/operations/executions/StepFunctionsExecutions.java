package dev.orderflow.operations.executions;

import dev.orderflow.operations.OperationsProperties;
import dev.orderflow.operations.services.AwsFailureDescription;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionRedriveStatus;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.HistoryEventType;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;

/// Reads and redrives executions through the API of Step Functions.
@Component
class StepFunctionsExecutions implements ExecutionsClient {

    private static final List<ExecutionStatus> STOPPED =
            List.of(ExecutionStatus.FAILED, ExecutionStatus.TIMED_OUT, ExecutionStatus.ABORTED);
    private static final Pattern ERROR_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,80}");

    private final SfnClient stepFunctions;
    private final OperationsProperties properties;

    StepFunctionsExecutions(SfnClient operationsStepFunctions, OperationsProperties properties) {
        this.stepFunctions = operationsStepFunctions;
        this.properties = properties;
    }

    /// The statuses are listed one after the other; a cursor names the status and its page.
    @Override
    public ExecutionsPage listStopped(Optional<String> cursor, int limit) {
        var position = cursor.map(ListPosition::decode).orElseGet(() -> new ListPosition(0, ""));
        var status = STOPPED.get(position.status());
        var token = position.page().isEmpty() ? null : position.page();
        try {
            var page =
                    stepFunctions.listExecutions(
                            list ->
                                    list.stateMachineArn(properties.stateMachineArn())
                                            .statusFilter(status)
                                            .maxResults(limit)
                                            .nextToken(token));
            var executions =
                    page.executions().stream()
                            .map(
                                    execution ->
                                            new ListedExecution(
                                                    execution.name(),
                                                    Objects.requireNonNullElse(
                                                            execution.redriveCount(), 0)))
                            .toList();
            return new ExecutionsPage(
                    executions, position.after(page.nextToken()).map(ListPosition::encode));
        } catch (InvalidTokenException failure) {
            throw new IllegalArgumentException("the cursor is no longer valid", failure);
        }
    }

    /// The beginning of a page.
    private record ListPosition(int status, String page) {

        /// A longer `nextToken` of `ListExecutions` is a ValidationException.
        private static final int MAX_TOKEN = 3_096;

        private static final Pattern CURSOR =
                Pattern.compile("[0-2]:[\\x21-\\x7E]{0," + MAX_TOKEN + "}");

        static ListPosition decode(String cursor) {
            var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (!CURSOR.matcher(text).matches()) {
                throw new IllegalArgumentException("the cursor is invalid");
            }
            return new ListPosition(text.charAt(0) - '0', text.substring(2));
        }

        Optional<ListPosition> after(@Nullable String next) {
            if (next != null && !next.isEmpty()) {
                return Optional.of(new ListPosition(status, next));
            }
            return status + 1 < STOPPED.size()
                    ? Optional.of(new ListPosition(status + 1, ""))
                    : Optional.empty();
        }

        String encode() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((status + ":" + page).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public Optional<StoppedExecution> findStopped(String name) {
        var arn = properties.executionArn(name);
        DescribeExecutionResponse execution;
        try {
            execution = stepFunctions.describeExecution(describe -> describe.executionArn(arn));
        } catch (ExecutionDoesNotExistException _) {
            return Optional.empty();
        }
        if (!STOPPED.contains(execution.status())) {
            // It was redriven after it was listed.
            return Optional.empty();
        }
        return Optional.of(
                new StoppedExecution(
                        arn,
                        execution.name(),
                        execution.statusAsString(),
                        lastState(arn),
                        Optional.ofNullable(execution.error())
                                .filter(error -> ERROR_NAME.matcher(error).matches())
                                .orElse(execution.statusAsString()),
                        Objects.requireNonNullElse(execution.stopDate(), Instant.EPOCH),
                        Objects.requireNonNullElse(execution.redriveCount(), 0),
                        refusal(execution)));
    }

    private static Optional<String> refusal(DescribeExecutionResponse execution) {
        return execution.redriveStatus() == ExecutionRedriveStatus.NOT_REDRIVABLE
                ? Optional.of(
                        Objects.requireNonNullElse(
                                execution.redriveStatusReason(), "Step Functions gives no reason"))
                : Optional.empty();
    }

    private String lastState(String arn) {
        return lastState(latestEvents(arn));
    }

    /// The events of an execution, the latest first.
    private List<HistoryEvent> latestEvents(String arn) {
        return stepFunctions
                .getExecutionHistory(
                        history ->
                                history.executionArn(arn)
                                        .reverseOrder(true)
                                        .maxResults(1000)
                                        .includeExecutionData(false))
                .events();
    }

    private static String lastState(List<HistoryEvent> latestFirst) {
        return latestFirst.stream()
                .filter(event -> event.stateEnteredEventDetails() != null)
                .map(event -> event.stateEnteredEventDetails().name())
                .findFirst()
                .orElse("unknown");
    }

    @Override
    public RedriveResult redrive(StoppedExecution execution) {
        try {
            stepFunctions.redriveExecution(
                    redrive -> redrive.executionArn(execution.arn()).clientToken(token(execution)));
            return new RedriveResult.Redriven();
        } catch (SdkException failure) {
            return new RedriveResult.NotRedriven(
                    AwsFailureDescription.describe("Step Functions", failure));
        }
    }

    /// The same failure has the same token, so repeated requests redrive it once.
    private static String token(StoppedExecution execution) {
        return UUID.nameUUIDFromBytes(
                        (execution.arn() + '#' + execution.redriveCount())
                                .getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    @Override
    public RedriveProgress progress(String name, String failedState) {
        var arn = properties.executionArn(name);
        var now = stepFunctions.describeExecution(describe -> describe.executionArn(arn));
        return switch (now.status()) {
            case SUCCEEDED -> RedriveProgress.SUCCEEDED;
            case RUNNING -> {
                var latestFirst = latestEvents(arn);
                yield lastState(latestFirst).equals(failedState) && !isWaitingForToken(latestFirst)
                        ? RedriveProgress.PENDING
                        : RedriveProgress.SUCCEEDED;
            }
            case PENDING_REDRIVE -> RedriveProgress.PENDING;
            default -> RedriveProgress.FAILED_AGAIN;
        };
    }

    /// A state that waits for a task token may take days. Once its request was accepted
    /// (`TaskSubmitted`), the redrive has succeeded.
    private static boolean isWaitingForToken(List<HistoryEvent> latestFirst) {
        return !latestFirst.isEmpty()
                && latestFirst.getFirst().type() == HistoryEventType.TASK_SUBMITTED;
    }
}
