package dev.orderflow.localcloud.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The API of executions and state machines.
class ExecutionsTest {

    private final StepFunctionsFixture fixture = new StepFunctionsFixture(100);

    @AfterEach
    void close() {
        fixture.close();
    }

    private static final String PASS =
            "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}";
    private static final String WAIT =
            "{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":99999999,\"End\":true}}}";

    private static final String FAIL =
            "{\"StartAt\":\"F\",\"States\":{\"F\":{\"Type\":\"Fail\",\"Error\":\"Away\",\"Cause\":\"c\"}}}";

    private static void refused(String code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        AwsErrorException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void theSameNameAndInputWhileRunningIsTheSameExecution() {
        String machine = fixture.machine(WAIT);
        String first = fixture.start(machine, "order-1", "{\"a\":1}");

        assertThat(fixture.start(machine, "order-1", "{\"a\":1}")).isEqualTo(first);
        assertThat(first)
                .isEqualTo("arn:aws:states:us-east-1:000000000000:execution:machine-1:order-1");
        refused("ExecutionAlreadyExists", () -> fixture.start(machine, "order-1", "{\"a\":2}"));
        await().untilAsserted(
                        () ->
                                assertThat(fixture.events(first))
                                        .extracting(event -> event.path("type").asString())
                                        .containsExactly("ExecutionStarted", "WaitStateEntered"));
    }

    @Test
    void theNameOfAFinishedExecutionCannotBeReused() {
        String machine = fixture.machine(PASS);
        var unused = fixture.ended(fixture.start(machine, "order-1", "{}"));

        refused("ExecutionAlreadyExists", () -> fixture.start(machine, "order-1", "{}"));
    }

    @Test
    void invalidRequestsHaveAwsErrors() {
        String machine = fixture.machine(PASS);
        refused("InvalidName", () -> fixture.start(machine, "has space", "{}"));
        refused("InvalidName", () -> fixture.start(machine, "x".repeat(81), "{}"));
        refused("InvalidExecutionInput", () -> fixture.start(machine, null, "{nope"));
        refused("InvalidExecutionInput", () -> fixture.start(machine, null, ""));
        refused(
                "ValidationException",
                () -> fixture.start(machine, null, "\"" + "x".repeat(262_144) + "\""));
        refused("StateMachineDoesNotExist", () -> fixture.start(machine + "x", null, "{}"));
        refused("InvalidArn", () -> fixture.start("nonsense", null, "{}"));
        refused("StateMachineDoesNotExist", () -> fixture.start(machine + ":PROD", null, "{}"));
        refused(
                "ExecutionDoesNotExist",
                () ->
                        fixture.describe(
                                "arn:aws:states:us-east-1:000000000000:execution:machine-1:none"));
        refused(
                "UnknownOperationException",
                () -> fixture.call("GetActivityTask", StepFunctionsJson.object()));
        refused(
                "ValidationException",
                () ->
                        fixture.call(
                                "StartExecution",
                                StepFunctionsJson.object()
                                        .put("stateMachineArn", machine)
                                        .put("surprise", 1)));
        refused(
                "ValidationException",
                () -> fixture.call("StartExecution", StepFunctionsJson.object()));
    }

    @Test
    void aStateMachineIsCreatedOnceAndNotOverwritten() {
        ObjectNode request =
                StepFunctionsJson.object()
                        .put("name", "m")
                        .put("definition", PASS)
                        .put("roleArn", StepFunctionsFixture.ROLE);
        String arn =
                fixture.call("CreateStateMachine", request).path("stateMachineArn").stringValue();

        assertThat(
                        fixture.call("CreateStateMachine", request)
                                .path("stateMachineArn")
                                .stringValue())
                .isEqualTo(arn);
        refused(
                "StateMachineAlreadyExists",
                () ->
                        fixture.call(
                                "CreateStateMachine", request.deepCopy().put("definition", WAIT)));
        refused(
                "InvalidDefinition",
                () ->
                        fixture.call(
                                "CreateStateMachine", request.deepCopy().put("definition", "{}")));
        refused(
                "StateMachineTypeNotSupported",
                () ->
                        fixture.call(
                                "CreateStateMachine", request.deepCopy().put("type", "EXPRESS")));
        refused(
                "ValidationException",
                () ->
                        fixture.call(
                                "CreateStateMachine",
                                request.deepCopy().put("versionDescription", "first")));
    }

    @Test
    void anUpdateAppliesToLaterExecutions() {
        String machine = fixture.machine(WAIT);
        String running = fixture.start(machine, null, "{}");
        ObjectNode unused =
                fixture.call(
                        "UpdateStateMachine",
                        StepFunctionsJson.object()
                                .put("stateMachineArn", machine)
                                .put("definition", PASS));

        assertThat(fixture.ended(fixture.start(machine, null, "{}")).path("status").stringValue())
                .isEqualTo("SUCCEEDED");
        assertThat(fixture.status(running)).isEqualTo("RUNNING");
        assertThat(
                        fixture.call(
                                        "DescribeStateMachineForExecution",
                                        StepFunctionsJson.object().put("executionArn", running))
                                .path("definition")
                                .stringValue())
                .isEqualTo(WAIT);
    }

    @Test
    void aDeletedStateMachineStartsNothingAndIsRemovedWithItsLastExecution() {
        String machine = fixture.machine(WAIT);
        String running = fixture.start(machine, null, "{}");
        ObjectNode unused =
                fixture.call(
                        "DeleteStateMachine",
                        StepFunctionsJson.object().put("stateMachineArn", machine));

        refused("StateMachineDeleting", () -> fixture.start(machine, null, "{}"));
        ObjectNode stopped =
                fixture.call(
                        "StopExecution", StepFunctionsJson.object().put("executionArn", running));
        assertThat(stopped.has("stopDate")).isTrue();
        await().untilAsserted(
                        () ->
                                refused(
                                        "StateMachineDoesNotExist",
                                        () -> fixture.start(machine, null, "{}")));
    }

    @Test
    void stoppingSkipsCatchAndReportsTheCause() {
        String execution =
                fixture.start(
                        fixture.machine(
                                """
                                {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}],
                                  "Branches":[{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":9999,"End":true}}}]},
                                  "C":{"Type":"Pass","End":true}}}
                                """),
                        null,
                        "{}");
        await().until(() -> fixture.events(execution).size() == 4);
        ObjectNode unused =
                fixture.call(
                        "StopExecution",
                        StepFunctionsJson.object()
                                .put("executionArn", execution)
                                .put("error", "Operator")
                                .put("cause", "enough"));

        ObjectNode description = fixture.describe(execution);
        assertThat(description.path("status").stringValue()).isEqualTo("ABORTED");
        assertThat(description.path("error").stringValue()).isEqualTo("Operator");
        assertThat(fixture.details(execution, "ExecutionAborted"))
                .isEqualTo(
                        StepFunctionsJson.parse("{\"error\":\"Operator\",\"cause\":\"enough\"}"));
        assertThat(fixture.events(execution)).hasSize(5);
    }

    /// A double cannot hold them.
    @Test
    void aChoiceComparesHugeNumbers() {
        var machine =
                """
                {"StartAt":"C","States":{
                  "C":{"Type":"Choice","Default":"Less",
                    "Choices":[{"Variable":"$.n","NumericGreaterThan":%s,"Next":"More"}]},
                  "More":{"Type":"Pass","Result":"more","End":true},
                  "Less":{"Type":"Pass","Result":"less","End":true}}}
                """;

        assertThat(fixture.run(machine.formatted("1"), "{\"n\":1e400}").output().stringValue())
                .isEqualTo("more");
        assertThat(fixture.run(machine.formatted("1"), "{\"n\":-1e400}").output().stringValue())
                .isEqualTo("less");
        assertThat(fixture.run(machine.formatted("1e400"), "{\"n\":2}").output().stringValue())
                .isEqualTo("less");
    }

    @Test
    void aTimeoutThatIsTooLongForALongFailsTheExecutionWithItsReason() {
        var ran =
                fixture.run(
                        """
                        {"StartAt":"A","States":{"A":{"Type":"Task","TimeoutSecondsPath":"$.n","End":true,
                          "Resource":"arn:aws:states:::sqs:sendMessage",
                          "Parameters":{"QueueUrl":"%s","MessageBody":"m"}}}}
                        """
                                .formatted(StepFunctionsFixture.QUEUE),
                        "{\"n\":9223372036854775808}");

        assertThat(ran.status()).isEqualTo("FAILED");
        assertThat(ran.description().path("cause").stringValue())
                .contains("TimeoutSecondsPath parameter does not reference a positive integer");
    }

    @Test
    void anExecutionThatTakesTooLongIsTimedOut() {
        var ran =
                fixture.run(
                        WAIT.replace("{\"StartAt\"", "{\"TimeoutSeconds\":10,\"StartAt\""), "{}");

        assertThat(ran.status()).isEqualTo("TIMED_OUT");
        assertThat(fixture.chain(ran.arn())).endsWith("3<2 ExecutionTimedOut");
        assertThat(ran.description().path("redriveStatus").stringValue()).isEqualTo("REDRIVABLE");
    }

    @Test
    void aRedriveContinuesWhereTheExecutionFailed() {
        String machine =
                fixture.machine(
                        """
                        {"QueryLanguage":"JSONata","StartAt":"First","States":{
                          "First":{"Type":"Pass","Assign":{"kept":"{% $states.input.n %}"},"Next":"Ask"},
                          "Ask":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                            "Arguments":{"QueueUrl":"%s","MessageBody":{"taskToken":"{%% $states.context.Task.Token %%}"}},
                            "Output":"{%% [$kept, $states.result, $states.context.Execution.RedriveCount] %%}","End":true}}}
                        """
                                .replace("\"{% $states.input.n %}\"", "\"{%% $states.input.n %%}\"")
                                .formatted(StepFunctionsFixture.QUEUE));
        String execution = fixture.start(machine, null, "{\"n\":5}");
        refused("ExecutionNotRedrivable", () -> redrive(execution));
        fixture.sendTaskFailure(fixture.token(1), "Away", "nobody there");
        var unused = fixture.ended(execution);

        redrive(execution);
        fixture.sendTaskSuccess(fixture.token(2), "\"done\"");

        ObjectNode description = fixture.ended(execution);
        assertThat(description.path("output").stringValue()).isEqualTo("[5,\"done\",1]");
        assertThat(description.path("redriveCount").asInt()).isEqualTo(1);
        assertThat(fixture.chain(execution))
                .containsSequence(
                        "8<7 TaskFailed",
                        "9<8 ExecutionFailed",
                        "10<9 ExecutionRedriven",
                        "11<10 TaskScheduled",
                        "12<11 TaskStarted",
                        "13<12 TaskSubmitted",
                        "14<13 TaskSucceeded",
                        "15<14 TaskStateExited");
    }

    private void redrive(String execution) {
        ObjectNode answer =
                fixture.call(
                        "RedriveExecution",
                        StepFunctionsJson.object().put("executionArn", execution));
        assertThat(answer.has("redriveDate")).isTrue();
    }

    @Test
    void aRedriveRepeatsOnlyTheBranchThatFailed() {
        String execution =
                fixture.start(
                        fixture.machine(
                                """
                                {"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
                                  {"StartAt":"Done","States":{"Done":{"Type":"Pass","Output":"once","End":true}}},
                                  {"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                                    "Arguments":{"QueueUrl":"%s","MessageBody":{"taskToken":"{%% $states.context.Task.Token %%}"}},"End":true}}}]}}}
                                """
                                        .formatted(StepFunctionsFixture.QUEUE)),
                        null,
                        "{}");
        fixture.sendTaskFailure(fixture.token(1), "Away", "nobody there");
        var unused = fixture.ended(execution);
        redrive(execution);
        fixture.sendTaskSuccess(fixture.token(2), "2");

        assertThat(fixture.ended(execution).path("output").stringValue()).isEqualTo("[\"once\",2]");
        assertThat(fixture.chain(execution).stream().filter(e -> e.contains("PassStateEntered")))
                .hasSize(1);
    }

    @Test
    void everyStatusChangeIsPublishedInOrderAndCounted() {
        var ran = fixture.run(PASS, "{\"a\":1}");
        await().until(() -> fixture.bus.statusChanges.size() == 2);

        JsonNode running = fixture.bus.statusChanges.getFirst();
        assertThat(running.path("status").stringValue()).isEqualTo("RUNNING");
        assertThat(running.path("executionArn").stringValue()).isEqualTo(ran.arn());
        assertThat(running.path("stopDate").isNull()).isTrue();
        assertThat(running.path("input").stringValue()).isEqualTo("{\"a\":1}");
        JsonNode succeeded = fixture.bus.statusChanges.getLast();
        assertThat(succeeded.path("status").stringValue()).isEqualTo("SUCCEEDED");
        assertThat(succeeded.path("output").stringValue()).isEqualTo("{\"a\":1}");
        assertThat(succeeded.path("outputDetails").path("included").booleanValue()).isTrue();
        assertThat(succeeded.path("redriveStatusReason").stringValue())
                .isEqualTo("Execution is SUCCEEDED and cannot be redriven");
    }

    /// Step Functions Developer Guide, "Data at rest encryption".
    @Test
    void theEventsOfAnEncryptedExecutionHaveNoData() {
        var request =
                StepFunctionsJson.object()
                        .put("name", "encrypted")
                        .put("definition", FAIL)
                        .put("roleArn", StepFunctionsFixture.ROLE);
        request.putObject("encryptionConfiguration")
                .put("type", "CUSTOMER_MANAGED_KMS_KEY")
                .put("kmsKeyId", "arn:aws:kms:us-east-1:000000000000:key/1");
        var machine =
                fixture.call("CreateStateMachine", request).path("stateMachineArn").stringValue();
        var ended = fixture.ended(fixture.start(machine, null, "{\"a\":1}"));
        await().until(() -> fixture.bus.statusChanges.size() == 2);

        JsonNode failed = fixture.bus.statusChanges.getLast();
        assertThat(failed.path("status").stringValue()).isEqualTo("FAILED");
        for (JsonNode change : fixture.bus.statusChanges) {
            assertThat(change.propertyNames())
                    .contains("name", "stateMachineArn", "startDate")
                    .doesNotContain("input", "output", "error", "cause");
            assertThat(change.path("inputDetails").path("included").booleanValue()).isFalse();
        }
        assertThat(ended.path("error").stringValue()).isEqualTo("Away");
        assertThat(ended.path("cause").stringValue()).isEqualTo("c");
    }

    @Test
    void anUnencryptedFailureHasItsErrorAndCauseInTheEvent() {
        var unused = fixture.run(FAIL, "{}");
        await().until(() -> fixture.bus.statusChanges.size() == 2);
        JsonNode failed = fixture.bus.statusChanges.getLast();
        assertThat(failed.path("error").stringValue()).isEqualTo("Away");
        assertThat(failed.path("cause").stringValue()).isEqualTo("c");
    }

    @Test
    void historyIsListedInPagesAndInReverse() {
        var ran = fixture.run(PASS, "{}");
        var seen = new ArrayList<Long>();
        ObjectNode request =
                StepFunctionsJson.object()
                        .put("executionArn", ran.arn())
                        .put("maxResults", 3)
                        .put("reverseOrder", true)
                        .put("includeExecutionData", false);
        ObjectNode page;
        do {
            page = fixture.call("GetExecutionHistory", request);
            page.path("events").forEach(e -> seen.add(e.path("id").asLong()));
            page.path("events").forEach(e -> assertThat(e.findValue("output")).isNull());
            request.set("nextToken", page.path("nextToken"));
        } while (page.has("nextToken"));

        assertThat(seen).containsExactly(4L, 3L, 2L, 1L);
        refused(
                "InvalidToken",
                () ->
                        fixture.call(
                                "GetExecutionHistory",
                                request.deepCopy().put("nextToken", "garbage")));
    }

    @Test
    void aPageTokenThatIsTooLongIsInvalidBeforeItIsRead() {
        var ran = fixture.run(PASS, "{}");
        refusedToken("GetExecutionHistory", "executionArn", ran.arn(), 1_024, "InvalidToken");
        refusedToken(
                "GetExecutionHistory", "executionArn", ran.arn(), 1_025, "ValidationException");
        var machine = fixture.machine(PASS);
        refusedToken("ListExecutions", "stateMachineArn", machine, 3_096, "InvalidToken");
        refusedToken("ListExecutions", "stateMachineArn", machine, 3_097, "ValidationException");
    }

    private void refusedToken(
            String operation, String member, String arn, int length, String code) {
        refused(
                code,
                () ->
                        fixture.call(
                                operation,
                                StepFunctionsJson.object()
                                        .put(member, arn)
                                        .put("nextToken", "x".repeat(length))));
    }

    @Test
    void twoThousandWaitingExecutionsShareAFewThreadsAndAllEnd() {
        String machine = fixture.machine(WAIT.replace("99999999", "150"));
        var arns = new HashSet<String>();
        for (int i = 0; i < 2_000; i++) {
            arns.add(fixture.start(machine, "e-" + i, "{}"));
        }
        assertThat(Thread.getAllStackTraces().size()).isLessThan(100);

        await().atMost(Duration.ofMinutes(2))
                .until(() -> arns.stream().allMatch(a -> fixture.status(a).equals("SUCCEEDED")));
        List<String> first =
                fixture.call(
                                "ListExecutions",
                                StepFunctionsJson.object()
                                        .put("stateMachineArn", machine)
                                        .put("statusFilter", "SUCCEEDED")
                                        .put("maxResults", 2))
                        .path("executions")
                        .valueStream()
                        .map(e -> e.path("name").stringValue())
                        .toList();
        assertThat(first).containsExactly("e-1999", "e-1998");
    }
}
