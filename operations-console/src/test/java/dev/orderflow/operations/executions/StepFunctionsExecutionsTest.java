package dev.orderflow.operations.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.operations.OperationsProperties;
import dev.orderflow.operations.StepFunctionsStub;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// With the responses of Step Functions' API as AWS documents them.
class StepFunctionsExecutionsTest {

    private static final String MACHINE =
            "arn:aws:states:us-east-1:000000000000:stateMachine:order-workflow";
    private static final String ORDER = UUID.randomUUID().toString();
    private static final String ARN =
            MACHINE.replace(":stateMachine:", ":execution:") + ":" + ORDER;

    private static final OperationsProperties.ServiceAddress UNUSED =
            new OperationsProperties.ServiceAddress(URI.create("http://127.0.0.1:9"));

    private final StepFunctionsStub stepFunctions = new StepFunctionsStub();
    private final StepFunctionsExecutions workflows =
            new StepFunctionsExecutions(
                    stepFunctions.client(),
                    new OperationsProperties(
                            MACHINE, UNUSED, UNUSED, UNUSED, UNUSED, UNUSED, UNUSED));

    @Test
    void aFailedExecutionIsGroupedByItsLastStateAndItsError() {
        describes("FAILED", ",\"error\":\"States.Timeout\",\"cause\":\"ada@example.org\"");
        inState("VoidPayment");
        var failed = workflows.findStopped(ORDER).orElseThrow();
        assertThat(failed.group()).isEqualTo("VoidPayment/States.Timeout");
        assertThat(failed.refusal()).isEmpty();
        assertThat(failed.toString()).doesNotContain("ada@example.org");
    }

    @Test
    void anErrorThatIsNotANameIsReplacedByTheStatus() {
        describes("ABORTED", ",\"error\":\"Ada Lovelace, 12 St James Square\"");
        inState("ArrangeShipment");
        assertThat(workflows.findStopped(ORDER).orElseThrow().group())
                .isEqualTo("ArrangeShipment/ABORTED");
    }

    @Test
    void aRunningExecutionIsNotListed() {
        describes("RUNNING", "");
        assertThat(workflows.findStopped(ORDER)).isEmpty();
    }

    @Test
    void aRefusalOfStepFunctionsIsReportedWithItsReason() {
        describes(
                "FAILED",
                ",\"redriveStatus\":\"NOT_REDRIVABLE\",\"redriveStatusReason\":\"Execution is past the redrivable period\"");
        inState("VoidPayment");
        var failed = workflows.findStopped(ORDER).orElseThrow();
        assertThat(failed.refusal()).contains("Execution is past the redrivable period");

        stepFunctions.respondWithError("RedriveExecution", "ExecutionNotRedrivable");
        assertThat(workflows.redrive(failed))
                .isEqualTo(
                        new ExecutionsClient.RedriveResult.NotRedriven(
                                "Step Functions responded with ExecutionNotRedrivable"));
    }

    @Test
    void theSameFailureHasTheSameClientTokenAndTheNextFailureAnother() {
        stepFunctions.respondWith("RedriveExecution", "{\"redriveDate\":1795437785.6}");
        workflows.redrive(failure(0));
        workflows.redrive(failure(0));
        workflows.redrive(failure(1));
        var requests = stepFunctions.requests();
        assertThat(requests).hasSize(3);
        assertThat(requests.get(0)).isEqualTo(requests.get(1)).contains("clientToken");
        assertThat(requests.get(2)).isNotEqualTo(requests.get(0));
    }

    @Test
    void thePagesListFailedTimedOutAndAbortedExecutions() {
        stepFunctions.respondWith("ListExecutions", "{\"executions\":[]}");
        var statuses = new ArrayList<String>();
        Optional<String> cursor = Optional.empty();
        do {
            cursor = workflows.listStopped(cursor, 10).next();
            statuses.add(
                    stepFunctions
                            .requests()
                            .getLast()
                            .replaceAll(".*\"statusFilter\":\"([A-Z_]+)\".*", "$1"));
        } while (cursor.isPresent());
        assertThat(statuses).containsExactly("FAILED", "TIMED_OUT", "ABORTED");
    }

    @Test
    void anInvalidCursorIsRejectedWithoutACallOfStepFunctions() {
        for (var invalid : List.of("%%%", "MzpY", "", "AAAA")) {
            assertThatThrownBy(() -> workflows.listStopped(Optional.of(invalid), 10))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(stepFunctions.requests()).isEmpty();
    }

    /// Step Functions answers a longer one with a ValidationException.
    @Test
    void aCursorWhosePageTokenIsTooLongForStepFunctionsIsInvalid() {
        stepFunctions.respondWith("ListExecutions", "{\"executions\":[]}");
        assertThatThrownBy(() -> workflows.listStopped(cursorOf(3_097), 10))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(stepFunctions.requests()).isEmpty();
        workflows.listStopped(cursorOf(3_096), 10);
        assertThat(stepFunctions.requests()).hasSize(1);
    }

    private static Optional<String> cursorOf(int tokenLength) {
        var text = "0:" + "x".repeat(tokenLength);
        return Optional.of(
                Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aRedriveHasSucceededWhenTheExecutionHasLeftTheFailedState() {
        describes("RUNNING", "");
        inState("VoidPayment");
        assertThat(progress()).isEqualTo(ExecutionsClient.RedriveProgress.PENDING);
        inState("ReleaseInventory");
        assertThat(progress()).isEqualTo(ExecutionsClient.RedriveProgress.SUCCEEDED);
        describes("SUCCEEDED", "");
        assertThat(progress()).isEqualTo(ExecutionsClient.RedriveProgress.SUCCEEDED);
        describes("FAILED", "");
        assertThat(progress()).isEqualTo(ExecutionsClient.RedriveProgress.FAILED_AGAIN);
    }

    @Test
    void aRedriveHasSucceededWhenTheFailedStateWaitsForATaskToken() {
        describes("RUNNING", "");
        inStep("TaskScheduled");
        assertThat(progress()).isEqualTo(ExecutionsClient.RedriveProgress.PENDING);
        inStep("TaskStarted");
        assertThat(progress()).isEqualTo(ExecutionsClient.RedriveProgress.PENDING);
        inStep("TaskSubmitted");
        assertThat(progress()).isEqualTo(ExecutionsClient.RedriveProgress.SUCCEEDED);
    }

    private ExecutionsClient.RedriveProgress progress() {
        return workflows.progress(failure(0).name(), failure(0).state());
    }

    private void inStep(String latest) {
        stepFunctions.respondWith(
                "GetExecutionHistory",
                """
                {"events":[{"timestamp":1795437790.6,"type":"%s","id":9},
                 {"timestamp":1795437790.6,"type":"ExecutionRedriven","id":8},
                 {"timestamp":1795437789.6,"type":"TaskStateEntered","id":7,"stateEnteredEventDetails":{"name":"VoidPayment"}}]}"""
                        .formatted(latest));
    }

    private static StoppedExecution failure(int redriveCount) {
        return new StoppedExecution(
                ARN,
                ORDER,
                "FAILED",
                "VoidPayment",
                "States.Timeout",
                Instant.EPOCH,
                redriveCount,
                Optional.empty());
    }

    private void describes(String status, String more) {
        stepFunctions.respondWith(
                "DescribeExecution",
                "{\"executionArn\":\"%s\",\"stateMachineArn\":\"%s\",\"name\":\"%s\",\"status\":\"%s\",\"startDate\":1795437785.6,\"stopDate\":1795437790.6%s}"
                        .formatted(ARN, MACHINE, ORDER, status, more));
    }

    private void inState(String state) {
        stepFunctions.respondWith(
                "GetExecutionHistory",
                """
                {"events":[{"timestamp":1795437790.6,"type":"ExecutionFailed","id":9},
                 {"timestamp":1795437789.6,"type":"TaskStateEntered","id":7,"stateEnteredEventDetails":{"name":"%s"}},
                 {"timestamp":1795437788.6,"type":"TaskStateEntered","id":3,"stateEnteredEventDetails":{"name":"Earlier"}}]}"""
                        .formatted(state));
    }
}
