package dev.orderflow.order.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.EventLine;
import dev.orderflow.contracts.Total;
import dev.orderflow.contracts.fixture.AwsHttpStub;
import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.order.workflow.WorkflowClient.ExecutionLookup;
import dev.orderflow.order.workflow.WorkflowClient.StartWorkflowResult;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.SfnException;
import tools.jackson.databind.json.JsonMapper;

/// Tests the client against HTTP responses of Step Functions.
class StepFunctionsWorkflowClientTest {

    private static final String MACHINE =
            "arn:aws:states:us-east-1:000000000000:stateMachine:order-workflow";
    private static final WorkflowInput INPUT =
            new WorkflowInput(
                    UUID.fromString("019a7f3e-5b1c-7d42-9e6a-0c1f2a3b4c5d"),
                    1,
                    "cust-1842",
                    List.of(new EventLine("MUG-BLUE", 2)),
                    new Total(new BigDecimal("49.90"), "EUR"),
                    "pm_card_visa",
                    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    private final AwsHttpStub wire = new AwsHttpStub();
    private final SfnClient client = wire.client(SfnClient.builder());
    private final StepFunctionsWorkflowClient workflows =
            new StepFunctionsWorkflowClient(
                    client, new WorkflowProperties(MACHINE, Duration.ofSeconds(5)));

    @AfterEach
    void stop() {
        client.close();
        wire.close();
    }

    @Test
    void anExecutionHasItsOrdersIdAsItsName() {
        wire.answer = "{\"executionArn\":\"arn\",\"startDate\":1780000000}";
        assertThat(workflows.start(INPUT)).isEqualTo(new StartWorkflowResult.ExecutionStarted());
        assertThat(wire.lastTarget()).isEqualTo("AWSStepFunctions.StartExecution");
        var request = JsonMapper.shared().readTree(wire.lastRequestBody());
        assertThat(request.path("name").asString()).isEqualTo(INPUT.orderId().toString());
        assertThat(request.path("stateMachineArn").asString()).isEqualTo(MACHINE);
        var input = JsonMapper.shared().readTree(request.path("input").asString());
        assertThat(input)
                .isEqualTo(
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"orderId":"019a7f3e-5b1c-7d42-9e6a-0c1f2a3b4c5d","orderVersion":1,
                                         "customerRef":"cust-1842","lines":[{"sku":"MUG-BLUE","quantity":2}],
                                         "total":{"amount":"49.90","currency":"EUR"},
                                         "paymentMethodId":"pm_card_visa",
                                         "traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
                                        """));
    }

    @Test
    void anExistingExecutionCountsAsStarted() {
        wire.answerWithError(400, "ExecutionAlreadyExists");
        assertThat(workflows.start(INPUT)).isEqualTo(new StartWorkflowResult.AlreadyStarted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"InvalidExecutionInput", "InvalidName", "ValidationException"})
    void anInvalidInputIsRefusedPermanently(String type) {
        wire.answerWithError(400, type);
        assertThat(workflows.start(INPUT)).isInstanceOf(StartWorkflowResult.InputRefused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ThrottlingException",
                "ExecutionLimitExceeded",
                "StateMachineDoesNotExist",
                "AccessDeniedException"
            })
    void everyOtherErrorIsRetried(String type) {
        wire.answerWithError(400, type);
        assertThat(workflows.start(INPUT))
                .isEqualTo(new StartWorkflowResult.StartUnavailable("answered 400 " + type));
    }

    @Test
    void aMissingResponseLeavesTheOutcomeUnknown() {
        wire.close();
        assertThat(workflows.start(INPUT))
                .isEqualTo(new StartWorkflowResult.StartUnavailable("connection refused"));
    }

    @Test
    void theLastStateIsTheOneEnteredLast() {
        wire.answer =
                """
                {"events":[
                 {"timestamp":3,"type":"ExecutionFailed","id":9,"executionFailedEventDetails":{"error":"x"}},
                 {"timestamp":2,"type":"TaskFailed","id":8},
                 {"timestamp":1,"type":"TaskStateEntered","id":7,
                  "stateEnteredEventDetails":{"name":"VoidPayment"}},
                 {"timestamp":1,"type":"TaskStateEntered","id":3,
                  "stateEnteredEventDetails":{"name":"AuthorizePayment"}}]}""";
        assertThat(workflows.findLastState(INPUT.orderId())).contains("VoidPayment");
        assertThat(wire.lastTarget()).isEqualTo("AWSStepFunctions.GetExecutionHistory");
        var request = JsonMapper.shared().readTree(wire.lastRequestBody());
        assertThat(request.path("executionArn").asString())
                .isEqualTo(
                        MACHINE.replace(":stateMachine:", ":execution:") + ":" + INPUT.orderId());
        assertThat(request.path("reverseOrder").asBoolean()).isTrue();
        assertThat(request.path("includeExecutionData").asBoolean(true)).isFalse();
    }

    /// A state that is retried for hours leaves more events than a page has.
    @Test
    void theLastStateIsFoundBehindPagesWithoutAState() {
        var retries =
                """
                {"events":[{"timestamp":9,"type":"TaskScheduled","id":9}],"nextToken":"%s"}""";
        var pages =
                Map.of(
                        "", retries.formatted("second"),
                        "second", retries.formatted("third"),
                        "third",
                                """
                                {"events":[{"timestamp":1,"type":"TaskStateEntered","id":3,
                                 "stateEnteredEventDetails":{"name":"ArrangeShipment"}}],
                                 "nextToken":"fourth"}""");
        try (var server =
                        new HttpStub(
                                request ->
                                        new HttpStub.StubResponse(
                                                200,
                                                pages.getOrDefault(nextToken(request), "{}")));
                var paging = AwsHttpStub.client(server, SfnClient.builder())) {
            var pagedWorkflows =
                    new StepFunctionsWorkflowClient(
                            paging, new WorkflowProperties(MACHINE, Duration.ofSeconds(5)));
            assertThat(pagedWorkflows.findLastState(INPUT.orderId())).contains("ArrangeShipment");
            assertThat(server.requests(_ -> true))
                    .extracting(StepFunctionsWorkflowClientTest::nextToken)
                    .containsExactly("", "second", "third");
        }
    }

    @Test
    void aHistoryHasAtMostTwentyFivePages() {
        wire.answer =
                """
                {"events":[{"timestamp":9,"type":"TaskScheduled","id":9}],"nextToken":"more"}""";
        assertThat(workflows.findLastState(INPUT.orderId())).isEmpty();
        assertThat(wire.requestCount()).isEqualTo(25);
    }

    private static String nextToken(HttpStub.RecordedRequest request) {
        return JsonMapper.shared().readTree(request.body()).path("nextToken").asString("");
    }

    /// The ARN format is documented at
    /// docs.aws.amazon.com/step-functions/latest/dg/execution-alias-version-associate.html
    @Test
    void anExecutionIsFoundWhateverAliasStartedIt() {
        var live = new WorkflowProperties(MACHINE + ":live", Duration.ofSeconds(5));
        wire.answer = "{\"executionArn\":\"arn\",\"startDate\":1780000000}";
        new StepFunctionsWorkflowClient(client, live).start(INPUT);
        assertThat(
                        JsonMapper.shared()
                                .readTree(wire.lastRequestBody())
                                .path("stateMachineArn")
                                .asString())
                .isEqualTo(MACHINE + ":live");
        assertThat(live.executionArn(INPUT.orderId()))
                .isEqualTo(
                        "arn:aws:states:us-east-1:000000000000:execution:order-workflow:"
                                + INPUT.orderId());
    }

    @Test
    void anUnknownExecutionHasNoLastState() {
        wire.answerWithError(400, "ExecutionDoesNotExist");
        assertThat(workflows.findLastState(INPUT.orderId())).isEmpty();
    }

    /// Error and cause are encrypted, so `METADATA_ONLY` would return neither.
    @Test
    void theFailureOfAnExecutionHasItsErrorAndTheGatewaysCode() {
        wire.answer =
                """
                {"status":"FAILED","error":"States.Http.StatusCode.424",
                 "cause":"{\\"detail\\":\\"ada@example.org\\",\\"gatewayCode\\":\\"card_declined\\"}"}""";
        assertThat(workflows.findFailure(INPUT.orderId()))
                .isEqualTo(
                        new ExecutionFailure(
                                Optional.of("States.Http.StatusCode.424"),
                                Optional.of("card_declined")));
        assertThat(wire.lastTarget()).isEqualTo("AWSStepFunctions.DescribeExecution");
        var request = JsonMapper.shared().readTree(wire.lastRequestBody());
        assertThat(request.path("executionArn").asString()).endsWith(":" + INPUT.orderId());
        assertThat(request.path("includedData").asString("ALL_DATA")).isEqualTo("ALL_DATA");
    }

    @Test
    void aFailureIsUnknownWithoutErrorOrExecutionButNotAfterAFailedCall() {
        wire.answer = "{\"status\":\"ABORTED\"}";
        assertThat(workflows.findFailure(INPUT.orderId())).isEqualTo(ExecutionFailure.UNKNOWN);
        wire.answerWithError(400, "ExecutionDoesNotExist");
        assertThat(workflows.findFailure(INPUT.orderId())).isEqualTo(ExecutionFailure.UNKNOWN);
        wire.answerWithError(400, "AccessDeniedException");
        assertThatThrownBy(() -> workflows.findFailure(INPUT.orderId()))
                .isInstanceOf(SfnException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "RUNNING, RunningExecution",
        "PENDING_REDRIVE, RunningExecution",
        "SUCCEEDED, CompletedExecution",
        "FAILED, UnsuccessfulExecution",
        "TIMED_OUT, UnsuccessfulExecution",
        "ABORTED, UnsuccessfulExecution",
        "SOMETHING_NEW, FailedLookup"
    })
    void theLookupReturnsTheStatusOfTheExecution(String status, String expected) {
        wire.answer = "{\"status\":\"" + status + "\"}";
        assertThat(workflows.findExecution(INPUT.orderId()).getClass().getSimpleName())
                .isEqualTo(expected);
        assertThat(wire.lastTarget()).isEqualTo("AWSStepFunctions.DescribeExecution");
        var request = JsonMapper.shared().readTree(wire.lastRequestBody());
        assertThat(request.path("executionArn").asString()).endsWith(":" + INPUT.orderId());
        assertThat(request.path("includedData").asString()).isEqualTo("METADATA_ONLY");
    }

    @Test
    void onlyExecutionDoesNotExistMeansAMissingWorkflow() {
        wire.answerWithError(400, "ExecutionDoesNotExist");
        assertThat(workflows.findExecution(INPUT.orderId()))
                .isEqualTo(new ExecutionLookup.MissingExecution());
        for (var code :
                new String[] {"ThrottlingException", "AccessDeniedException", "InvalidArn"}) {
            wire.answerWithError(400, code);
            assertThat(workflows.findExecution(INPUT.orderId()))
                    .isEqualTo(new ExecutionLookup.FailedLookup("answered 400 " + code));
        }
        wire.close();
        assertThat(workflows.findExecution(INPUT.orderId()))
                .isIn(
                        new ExecutionLookup.FailedLookup("connection refused"),
                        new ExecutionLookup.FailedLookup("no complete response"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "order-workflow", "arn:aws:sqs:us-east-1:000000000000:queue"})
    void theServiceDoesNotStartWithAnInvalidStateMachineArn(String arn) {
        assertThatThrownBy(() -> new WorkflowProperties(arn, Duration.ofSeconds(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("state-machine-arn");
    }
}
