package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Metric;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionNotRedrivableException;
import software.amazon.awssdk.services.sfn.model.ExecutionRedriveStatus;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.HistoryEventType;
import software.amazon.awssdk.services.sfn.model.InvalidDefinitionException;
import software.amazon.awssdk.services.sfn.model.InvalidExecutionInputException;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.StateMachineAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.StateMachineDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;
import software.amazon.awssdk.services.sfn.model.ValidateStateMachineDefinitionResultCode;

class StepFunctionsConformanceTest {

    private static final String ROLE =
            System.getProperty("cloud.role", "arn:aws:iam::000000000000:role/conformance");

    private static final String PASS =
            "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}";

    private static final String WAIT =
            "{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":3600,\"End\":true}}}";

    private final SfnClient sfn = CloudUnderTest.client(SfnClient.builder());
    private final TestQueues queues = new TestQueues();

    private String machine(String definition) {
        return sfn.createStateMachine(
                        create ->
                                create.name(CloudUnderTest.unique("flow"))
                                        .definition(definition)
                                        .roleArn(ROLE))
                .stateMachineArn();
    }

    private String start(String machine, String input) {
        return sfn.startExecution(start -> start.stateMachineArn(machine).input(input))
                .executionArn();
    }

    private DescribeExecutionResponse describe(String execution) {
        return sfn.describeExecution(describe -> describe.executionArn(execution));
    }

    private DescribeExecutionResponse ended(String execution) {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> describe(execution).status() != ExecutionStatus.RUNNING);
        return describe(execution);
    }

    private List<HistoryEvent> history(String execution) {
        return sfn
                .getExecutionHistoryPaginator(get -> get.executionArn(execution))
                .events()
                .stream()
                .toList();
    }

    private String askByQueue(TestQueues.TestQueue queue, String more) {
        return """
        {"QueryLanguage":"JSONata","StartAt":"Ask","States":{
          "Ask":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                 "Arguments":{"QueueUrl":"%s","MessageBody":"{%% $states.context.Task.Token %%}"},
                 "End":true%s}}}
        """
                .formatted(queue.url(), more);
    }

    /// The definition is read when it is created.
    /// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
    @Test
    void anInvalidDefinitionIsRejectedAtCreation() {
        assertThatThrownBy(() -> machine("{\"StartAt\":\"A\"}"))
                .isInstanceOf(InvalidDefinitionException.class);
        assertThatThrownBy(() -> machine(PASS.replace("\"End\":true", "\"Next\":\"Nowhere\"")))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("Missing 'Next' target: Nowhere");
    }

    /// Creating is idempotent for the same definition, and refuses another under the same name.
    /// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
    @Test
    void aNameBelongsToOneDefinition() {
        String name = CloudUnderTest.unique("flow");
        String arn =
                sfn.createStateMachine(c -> c.name(name).definition(PASS).roleArn(ROLE))
                        .stateMachineArn();
        assertThat(
                        sfn.createStateMachine(c -> c.name(name).definition(PASS).roleArn(ROLE))
                                .stateMachineArn())
                .isEqualTo(arn)
                .endsWith(":stateMachine:" + name);
        assertThatThrownBy(
                        () ->
                                sfn.createStateMachine(
                                        c -> c.name(name).definition(WAIT).roleArn(ROLE)))
                .isInstanceOf(StateMachineAlreadyExistsException.class);
        var described = sfn.describeStateMachine(d -> d.stateMachineArn(arn));
        assertThat(described.definition()).isEqualTo(PASS);
        assertThat(described.statusAsString()).isEqualTo("ACTIVE");
    }

    /// Findings come as diagnostics, never as an error.
    /// https://docs.aws.amazon.com/goto/WebAPI/states-2016-11-23/ValidateStateMachineDefinition
    @Test
    void validationReturnsDiagnostics() {
        var good = sfn.validateStateMachineDefinition(v -> v.definition(PASS));
        assertThat(good.result()).isEqualTo(ValidateStateMachineDefinitionResultCode.OK);
        var bad =
                sfn.validateStateMachineDefinition(
                        v -> v.definition(PASS.replace("\"Pass\"", "\"Walk\"")));
        assertThat(bad.result()).isEqualTo(ValidateStateMachineDefinitionResultCode.FAIL);
        assertThat(bad.diagnostics().getFirst().code()).isEqualTo("SCHEMA_VALIDATION_FAILED");
    }

    /// The same name and input while running is a success, every other reuse is not.
    /// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    @Test
    void startingIsIdempotentByNameAndInputWhileItRuns() {
        String machine = machine(WAIT);
        var first = sfn.startExecution(s -> s.stateMachineArn(machine).name("o").input("{}"));
        var again = sfn.startExecution(s -> s.stateMachineArn(machine).name("o").input("{}"));
        assertThat(again.executionArn()).isEqualTo(first.executionArn());
        assertThat(again.startDate()).isEqualTo(first.startDate());
        assertThatThrownBy(
                        () ->
                                sfn.startExecution(
                                        s ->
                                                s.stateMachineArn(machine)
                                                        .name("o")
                                                        .input("{\"other\":1}")))
                .isInstanceOf(ExecutionAlreadyExistsException.class);
        assertThatThrownBy(() -> start(machine, "{nope"))
                .isInstanceOf(InvalidExecutionInputException.class);
        assertThatThrownBy(() -> start(machine + "x", "{}"))
                .isInstanceOf(StateMachineDoesNotExistException.class);
        assertThatThrownBy(() -> describe(first.executionArn() + "x"))
                .isInstanceOf(ExecutionDoesNotExistException.class);
        sfn.stopExecution(stop -> stop.executionArn(first.executionArn()));
        assertThatThrownBy(
                        () ->
                                sfn.startExecution(
                                        s -> s.stateMachineArn(machine).name("o").input("{}")))
                .isInstanceOf(ExecutionAlreadyExistsException.class);
    }

    /// Arguments, Output and Assign in JSONata, with AWS's own functions.
    /// https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    @Test
    void jsonataTransformsDataAndVariablesPersist() {
        String execution =
                start(
                        machine(
                                """
                                {"QueryLanguage":"JSONata","StartAt":"A","States":{
                                  "A":{"Type":"Pass","Assign":{"total":"{% $sum($states.input.prices) %}"},
                                       "Output":"{% $partition($range(1, 5, 1), 2) %}","Next":"B"},
                                  "B":{"Type":"Pass","Output":{"total":"{% $total %}","chunks":"{% $count($states.input) %}","of":"{% $states.context.State.Name %}"},"End":true}}}
                                """),
                        "{\"prices\":[1,2.5]}");

        assertThat(ended(execution).output())
                .isEqualTo("{\"total\":3.5,\"chunks\":3,\"of\":\"B\"}");
        assertThat(history(execution).get(2).stateExitedEventDetails().assignedVariables())
                .containsEntry("total", "3.5");
    }

    /// An expression without a value is an error that names its field.
    /// https://docs.aws.amazon.com/goto/WebAPI/states-2016-11-23/EvaluationFailedEventDetails
    @Test
    void anExpressionWithoutAValueFailsTheState() {
        String execution =
                start(
                        machine(
                                """
                                {"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":{"v":"{% $states.input.none %}"},"End":true}}}
                                """),
                        "{}");

        assertThat(ended(execution).error()).isEqualTo("States.QueryEvaluationError");
        var event = history(execution).get(2);
        assertThat(event.type()).isEqualTo(HistoryEventType.EVALUATION_FAILED);
        assertThat(event.evaluationFailedEventDetails().location()).isEqualTo("Output/v");
        assertThat(event.evaluationFailedEventDetails().state()).isEqualTo("A");
    }

    /// A task waits until its token is answered; the token is good for one answer.
    /// https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
    @Test
    void aTaskTokenCanBeUsedOnce() {
        var queue = queues.create("callback");
        String execution = start(machine(askByQueue(queue, "")), "{}");
        String token = queues.next(queue).body();
        sfn.sendTaskHeartbeat(heartbeat -> heartbeat.taskToken(token));
        sfn.sendTaskSuccess(success -> success.taskToken(token).output("{\"tracking\":\"T1\"}"));

        assertThat(ended(execution).output()).isEqualTo("{\"tracking\":\"T1\"}");
        assertThat(history(execution))
                .extracting(HistoryEvent::typeAsString)
                .containsExactly(
                        "ExecutionStarted",
                        "TaskStateEntered",
                        "TaskScheduled",
                        "TaskStarted",
                        "TaskSubmitted",
                        "TaskSucceeded",
                        "TaskStateExited",
                        "ExecutionSucceeded");
        assertThat(history(execution).get(2).taskScheduledEventDetails().resource())
                .isEqualTo("sendMessage.waitForTaskToken");
        assertThatThrownBy(() -> sfn.sendTaskSuccess(s -> s.taskToken(token).output("{}")))
                .isInstanceOf(TaskTimedOutException.class);
        assertThatThrownBy(() -> sfn.sendTaskHeartbeat(h -> h.taskToken("made-up")))
                .isInstanceOf(InvalidTokenException.class);
        queues.delete(queue);
    }

    /// Retry before Catch, in the order of the definition.
    /// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    @Test
    void aFailedTaskIsRetriedThenCaught() {
        var queue = queues.create("retried");
        String execution =
                start(
                        machine(
                                askByQueue(
                                                queue,
                                                """
                                                ,"Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":1,"MaxAttempts":1}],
                                                 "Catch":[{"ErrorEquals":["States.TaskFailed"],"Output":"{% $states.errorOutput %}","Next":"Caught"}]
                                                """)
                                        .replace(
                                                "\"States\":{",
                                                "\"States\":{\"Caught\":{\"Type\":\"Succeed\"},")),
                        "{}");
        for (int i = 0; i < 2; i++) {
            String token = queues.next(queue).body();
            sfn.sendTaskFailure(failure -> failure.taskToken(token).error("Busy").cause("later"));
        }

        assertThat(ended(execution).output()).isEqualTo("{\"Error\":\"Busy\",\"Cause\":\"later\"}");
        assertThat(history(execution))
                .filteredOn(e -> e.type() == HistoryEventType.TASK_SCHEDULED)
                .hasSize(2);
        queues.delete(queue);
    }

    /// A state's own time-out is an error that can be caught; `HeartbeatSeconds` ends silence.
    /// https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
    @Test
    void missingHeartbeatsAndResultsTimeOut() {
        var queue = queues.create("silent");
        String slow = start(machine(askByQueue(queue, ",\"TimeoutSeconds\":1")), "{}");
        String quiet =
                start(
                        machine(askByQueue(queue, ",\"TimeoutSeconds\":90,\"HeartbeatSeconds\":1")),
                        "{}");

        assertThat(ended(slow).error()).isEqualTo("States.Timeout");
        assertThat(history(slow))
                .extracting(HistoryEvent::type)
                .contains(HistoryEventType.TASK_TIMED_OUT);
        assertThat(ended(quiet).status()).isEqualTo(ExecutionStatus.FAILED);
        queues.delete(queue);
    }

    /// A redrive continues at the failed state, in the same history.
    /// https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
    @Test
    void aFailedExecutionIsRedriven() {
        var queue = queues.create("redriven");
        String execution = start(machine(askByQueue(queue, "")), "{}");
        assertThatThrownBy(() -> sfn.redriveExecution(r -> r.executionArn(execution)))
                .isInstanceOf(ExecutionNotRedrivableException.class);
        String first = queues.next(queue).body();
        sfn.sendTaskFailure(failure -> failure.taskToken(first).error("Away"));
        assertThat(ended(execution).redriveStatus()).isEqualTo(ExecutionRedriveStatus.REDRIVABLE);

        sfn.redriveExecution(redrive -> redrive.executionArn(execution));
        String second = queues.next(queue).body();
        sfn.sendTaskSuccess(success -> success.taskToken(second).output("1"));

        assertThat(ended(execution).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(describe(execution).redriveCount()).isEqualTo(1);
        assertThat(history(execution))
                .extracting(HistoryEvent::type)
                .contains(HistoryEventType.EXECUTION_FAILED, HistoryEventType.EXECUTION_REDRIVEN);
        queues.delete(queue);
    }

    /// Stopping takes effect at once and skips Catch.
    /// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
    @Test
    void aStoppedExecutionIsAborted() {
        String execution = start(machine(WAIT), "{}");
        sfn.stopExecution(stop -> stop.executionArn(execution).error("Operator").cause("enough"));

        var stopped = describe(execution);
        assertThat(stopped.status()).isEqualTo(ExecutionStatus.ABORTED);
        assertThat(stopped.error()).isEqualTo("Operator");
        assertThat(stopped.stopDate()).isNotNull();
    }

    /// Parallel gives its branches' outputs in order, Map its iterations'.
    /// https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
    @Test
    void branchAndIterationOutputsAreCollected() {
        String execution =
                start(
                        machine(
                                """
                                {"QueryLanguage":"JSONata","StartAt":"P","States":{
                                  "P":{"Type":"Parallel","Branches":[
                                     {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}},
                                     {"StartAt":"B","States":{"B":{"Type":"Pass","Output":2,"End":true}}}],"Next":"M"},
                                  "M":{"Type":"Map","Items":"{% $states.input %}","ItemProcessor":{"StartAt":"I","States":{
                                     "I":{"Type":"Pass","Output":"{% $states.input * 10 %}","End":true}}},"End":true}}}
                                """),
                        "1");

        assertThat(ended(execution).output()).isEqualTo("[10,20]");
    }

    /// The history is paged, forwards or backwards.
    /// https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
    @Test
    void theHistoryIsPaged() {
        String execution = start(machine(PASS), "{}");
        var unused = ended(execution);
        var page =
                sfn.getExecutionHistory(
                        get -> get.executionArn(execution).maxResults(3).reverseOrder(true));
        assertThat(page.events()).extracting(HistoryEvent::id).containsExactly(4L, 3L, 2L);
        String next = page.nextToken();
        var rest =
                sfn.getExecutionHistory(
                        get ->
                                get.executionArn(execution)
                                        .maxResults(3)
                                        .reverseOrder(true)
                                        .nextToken(next));
        assertThat(rest.events()).extracting(HistoryEvent::id).containsExactly(1L);
        assertThat(rest.nextToken()).isNull();
    }

    /// Status changes are events of the default bus, and metrics of AWS/States.
    /// https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
    @Test
    void theEndOfAnExecutionPublishesAnEventAndAMetric() {
        var events = CloudUnderTest.client(EventBridgeClient.builder());
        var queue = queues.create("status");
        String rule = CloudUnderTest.unique("status");
        String machine =
                machine(
                        "{\"StartAt\":\"F\",\"States\":{\"F\":{\"Type\":\"Fail\",\"Error\":\"Bad\"}}}");
        events.putRule(
                put ->
                        put.name(rule)
                                .eventPattern(
                                        """
                                        {"source":["aws.states"],"detail":{"status":["FAILED"],"stateMachineArn":["%s"]}}
                                        """
                                                .formatted(machine)));
        events.putTargets(put -> put.rule(rule).targets(t -> t.id("q").arn(queue.arn())));
        String execution = start(machine, "{\"order\":1}");

        assertThat(queues.next(queue).body())
                .contains("\"detail-type\":\"Step Functions Execution Status Change\"")
                .contains("\"executionArn\":\"" + execution + "\"")
                .contains("\"error\":\"Bad\"")
                .contains("\"input\":\"{\\\"order\\\":1}\"");
        var metrics = CloudUnderTest.client(CloudWatchClient.builder());
        await().atMost(Duration.ofMinutes(2))
                .until(
                        () ->
                                metrics
                                        .listMetrics(
                                                list ->
                                                        list.namespace("AWS/States")
                                                                .dimensions(
                                                                        d ->
                                                                                d.name(
                                                                                                "StateMachineArn")
                                                                                        .value(
                                                                                                machine)))
                                        .metrics()
                                        .stream()
                                        .map(Metric::metricName)
                                        .toList()
                                        .containsAll(
                                                List.of("ExecutionsStarted", "ExecutionsFailed")));
        events.removeTargets(remove -> remove.rule(rule).ids("q"));
        events.deleteRule(delete -> delete.name(rule));
        queues.delete(queue);
    }

    /// `http:invoke` sends the key of the connection and `Range`, and reports an error status as an
    /// error.
    /// https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
    @Test
    void anHttpTaskCallsThroughAConnection() {
        assumeThat(CloudUnderTest.at().getHost()).isIn("127.0.0.1", "localhost");
        var isFirst = new AtomicBoolean(true);
        try (var server =
                new HttpStub(
                        _ ->
                                new StubResponse(
                                        isFirst.getAndSet(false) ? 200 : 409,
                                        "{\"sku\":\"MUG\"}"))) {
            var events = CloudUnderTest.client(EventBridgeClient.builder());
            String connection =
                    events.createConnection(
                                    create ->
                                            create.name(CloudUnderTest.unique("internal"))
                                                    .authorizationType(
                                                            ConnectionAuthorizationType.API_KEY)
                                                    .authParameters(
                                                            auth ->
                                                                    auth.apiKeyAuthParameters(
                                                                            key ->
                                                                                    key.apiKeyName(
                                                                                                    "X-Api-Key")
                                                                                            .apiKeyValue(
                                                                                                    "secret"))))
                            .connectionArn();
            String machine =
                    machine(
                            """
                            {"QueryLanguage":"JSONata","StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"arn:aws:states:::http:invoke",
                              "Arguments":{"Method":"POST","ApiEndpoint":"%s/reserve","Authentication":{"ConnectionArn":"%s"},"RequestBody":{"n":1}},
                              "Output":"{%% $states.result.ResponseBody.sku %%}","End":true}}}
                            """
                                    .formatted(server.url(), connection));

            assertThat(ended(start(machine, "{}")).output()).isEqualTo("\"MUG\"");
            assertThat(ended(start(machine, "{}")).error()).isEqualTo("States.Http.StatusCode.409");
            assertThat(server.requests(_ -> true))
                    .hasSize(2)
                    .allSatisfy(
                            request -> {
                                assertThat(request.header("X-Api-Key")).isEqualTo("secret");
                                assertThat(request.header("Range")).isEqualTo("bytes=0-262144");
                            });
        }
    }
}
