package dev.orderflow.localcloud.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orderflow.localcloud.ports.QueuePort;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Task tokens, time-outs, Retry and Catch.
class FailuresTest {

    private final StepFunctionsFixture fixture = new StepFunctionsFixture(50);

    @AfterEach
    void close() {
        fixture.close();
    }

    private static String askShipping(String more) {
        return """
        {"QueryLanguage":"JSONata","StartAt":"Ask","States":{
          "Ask":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                 "Arguments":{"QueueUrl":"%s","MessageBody":{"taskToken":"{%% $states.context.Task.Token %%}","n":"{%% $states.input.n %%}"}}%s},
          "Caught":{"Type":"Pass","End":true}}}
        """
                .formatted(StepFunctionsFixture.QUEUE, more);
    }

    private static final String CATCH_ALL =
            ",\"End\":true,\"Catch\":[{\"ErrorEquals\":[\"States.ALL\"],\"Next\":\"Caught\"}]";

    private static final String CATCH_NOTHING =
            ",\"End\":true,\"Catch\":[{\"ErrorEquals\":[\"Never\"],\"Next\":\"Caught\"}]";

    @Test
    void aTaskContinuesWithTheOutputSentForItsToken() {
        String execution =
                fixture.start(fixture.machine(askShipping(CATCH_ALL)), null, "{\"n\":1}");
        fixture.sendTaskSuccess(fixture.token(1), "{\"shipmentId\":\"s-1\"}");

        assertThat(fixture.ended(execution).path("output").stringValue())
                .isEqualTo("{\"shipmentId\":\"s-1\"}");
        assertThat(fixture.chain(execution))
                .containsExactly(
                        "1<0 ExecutionStarted",
                        "2<0 TaskStateEntered",
                        "3<2 TaskScheduled",
                        "4<3 TaskStarted",
                        "5<4 TaskSubmitted",
                        "6<5 TaskSucceeded",
                        "7<6 TaskStateExited",
                        "8<7 ExecutionSucceeded");
        var scheduled = fixture.details(execution, "TaskScheduled");
        assertThat(scheduled.path("resource").stringValue())
                .isEqualTo("sendMessage.waitForTaskToken");
        assertThat(scheduled.path("resourceType").stringValue()).isEqualTo("sqs");
        assertThat(scheduled.path("region").stringValue()).isEqualTo("us-east-1");
        assertThat(
                        StepFunctionsJson.parse(scheduled.path("parameters").stringValue())
                                .path("QueueUrl"))
                .isEqualTo(StepFunctionsJson.parse("\"" + StepFunctionsFixture.QUEUE + "\""));
        JsonNode submitted =
                StepFunctionsJson.parse(
                        fixture.details(execution, "TaskSubmitted").path("output").stringValue());
        assertThat(submitted.propertyNames())
                .containsExactlyInAnyOrder(
                        "MD5OfMessageBody", "MessageId", "SdkHttpMetadata", "SdkResponseMetadata");
    }

    @Test
    void aTaskTokenCanBeUsedOnce() {
        String execution =
                fixture.start(fixture.machine(askShipping(CATCH_ALL)), null, "{\"n\":1}");
        String token = fixture.token(1);
        fixture.sendTaskSuccess(token, "{}");
        var unused = fixture.ended(execution);

        assertThatThrownBy(() -> fixture.sendTaskSuccess(token, "{}"))
                .isInstanceOfSatisfying(
                        AwsErrorException.class,
                        e -> assertThat(e.code()).isEqualTo("TaskTimedOut"));
        assertThatThrownBy(() -> fixture.sendTaskFailure("made up", "e", "c"))
                .isInstanceOfSatisfying(
                        AwsErrorException.class,
                        e -> assertThat(e.code()).isEqualTo("InvalidToken"));
    }

    @Test
    void anOutputThatIsNotJsonIsRejectedAndTheTaskKeepsWaiting() {
        String execution =
                fixture.start(fixture.machine(askShipping(CATCH_ALL)), null, "{\"n\":1}");
        String token = fixture.token(1);

        assertThatThrownBy(() -> fixture.sendTaskSuccess(token, "{broken"))
                .isInstanceOfSatisfying(
                        AwsErrorException.class,
                        e -> assertThat(e.code()).isEqualTo("InvalidOutput"));
        assertThat(fixture.status(execution)).isEqualTo("RUNNING");
    }

    @Test
    void aFailureIsCaughtWithItsErrorAndCause() {
        String execution =
                fixture.start(
                        fixture.machine(
                                askShipping(
                                        """
                                        ,"End":true,"Catch":[
                                          {"ErrorEquals":["Other"],"Next":"Caught"},
                                          {"ErrorEquals":["OrderCancelled"],"Assign":{"why":"{% $states.errorOutput.Cause %}"},
                                           "Output":{"error":"{% $states.errorOutput.Error %}","n":"{% $states.input.n %}"},"Next":"Caught"}]
                                        """)),
                        null,
                        "{\"n\":7}");
        fixture.sendTaskFailure(fixture.token(1), "OrderCancelled", "by the customer");

        assertThat(fixture.ended(execution).path("output").stringValue())
                .isEqualTo("{\"error\":\"OrderCancelled\",\"n\":7}");
        assertThat(fixture.chain(execution))
                .containsSequence(
                        "6<5 TaskFailed",
                        "7<6 TaskStateExited",
                        "8<7 PassStateEntered",
                        "9<8 PassStateExited");
        assertThat(
                        fixture.events(execution)
                                .get(6)
                                .path("stateExitedEventDetails")
                                .path("assignedVariables"))
                .isEqualTo(StepFunctionsJson.parse("{\"why\":\"\\\"by the customer\\\"\"}"));
    }

    @Test
    void aTaskWithoutAResultTimesOut() {
        var ran = fixture.run(askShipping(",\"TimeoutSeconds\":5" + CATCH_NOTHING), "{\"n\":1}");

        assertThat(fixture.chain(ran.arn())).endsWith("6<5 TaskTimedOut", "7<6 ExecutionFailed");
        assertThat(fixture.details(ran.arn(), "TaskTimedOut"))
                .isEqualTo(
                        StepFunctionsJson.parse(
                                """
                                {"error":"States.Timeout","resource":"sendMessage.waitForTaskToken","resourceType":"sqs"}
                                """));
        assertThat(ran.error()).isEqualTo("States.Timeout");
        assertThat(ran.description().has("cause")).isFalse();
    }

    @Test
    void heartbeatsKeepATaskRunningAndAMissingOneTimesItOut() {
        String machine =
                fixture.machine(
                        askShipping(
                                ",\"TimeoutSeconds\":6000,\"HeartbeatSeconds\":50" + CATCH_ALL));
        var tasks = new AtomicInteger();
        // Started again when this thread sent a heartbeat too late.
        String execution =
                await().ignoreExceptionsInstanceOf(AwsErrorException.class)
                        .until(
                                () -> {
                                    String started = fixture.start(machine, null, "{\"n\":1}");
                                    sendHeartbeats(fixture.token(tasks.incrementAndGet()));
                                    return started;
                                },
                                started -> fixture.status(started).equals("RUNNING"));

        assertThat(fixture.ended(execution).path("output").stringValue())
                .isEqualTo("{\"Error\":\"States.Timeout\",\"Cause\":null}");
        assertThat(fixture.details(execution, "TaskScheduled").path("heartbeatInSeconds").asInt())
                .isEqualTo(50);
    }

    /// Sends heartbeats for twice as long as one may be missing.
    private void sendHeartbeats(String token) {
        var until = fixture.clock.instant().plusSeconds(120);
        await().until(
                        () -> {
                            var unused =
                                    fixture.call(
                                            "SendTaskHeartbeat",
                                            StepFunctionsJson.object().put("taskToken", token));
                            return fixture.clock.instant().isAfter(until);
                        });
    }

    @Test
    void retriesHaveIncreasingWaits() {
        String execution =
                fixture.start(
                        fixture.machine(
                                askShipping(
                                        """
                                        ,"Retry":[{"ErrorEquals":["Refused"],"MaxAttempts":0},
                                                  {"ErrorEquals":["States.TaskFailed"],"IntervalSeconds":10,"BackoffRate":3,"MaxDelaySeconds":20,"MaxAttempts":2}]
                                        """
                                                + CATCH_ALL)),
                        null,
                        "{\"n\":1}");
        for (int attempt = 1; attempt <= 3; attempt++) {
            fixture.sendTaskFailure(fixture.token(attempt), "Busy", "later");
        }

        assertThat(fixture.ended(execution).path("output").stringValue())
                .isEqualTo("{\"Error\":\"Busy\",\"Cause\":\"later\"}");
        assertThat(fixture.chain(execution))
                .containsSequence(
                        "6<5 TaskFailed",
                        "7<6 TaskScheduled",
                        "8<7 TaskStarted",
                        "9<8 TaskSubmitted",
                        "10<9 TaskFailed",
                        "11<10 TaskScheduled");
        List<Double> times =
                fixture.events(execution).stream()
                        .map(e -> e.path("timestamp").asDouble())
                        .toList();
        assertThat(times.get(6) - times.get(5)).isGreaterThanOrEqualTo(10.0);
        assertThat(times.get(10) - times.get(9)).isGreaterThanOrEqualTo(20.0);
    }

    @Test
    void anErrorWithZeroAttemptsIsNotRetried() {
        String execution =
                fixture.start(
                        fixture.machine(
                                askShipping(
                                        """
                                        ,"Retry":[{"ErrorEquals":["Refused"],"MaxAttempts":0},{"ErrorEquals":["States.ALL"]}]
                                        """
                                                + CATCH_ALL)),
                        null,
                        "{\"n\":1}");
        fixture.sendTaskFailure(fixture.token(1), "Refused", "never");

        assertThat(fixture.ended(execution).path("status").stringValue()).isEqualTo("SUCCEEDED");
        assertThat(fixture.queues.messages(StepFunctionsFixture.QUEUE)).hasSize(1);
    }

    @Test
    void anInvalidArgumentIsCaughtBeforeTheCall() {
        var ran = fixture.run(askShipping(CATCH_ALL), "{}");

        assertThat(fixture.chain(ran.arn()))
                .containsSequence("3<3 EvaluationFailed", "4<3 TaskStateExited");
        assertThat(ran.output().path("Error").stringValue())
                .isEqualTo("States.QueryEvaluationError");
        assertThat(ran.output().path("Cause").stringValue())
                .contains("specified for the field 'Arguments/MessageBody/n' returned nothing");
        assertThat(fixture.queues.messages(StepFunctionsFixture.QUEUE)).isEmpty();
    }

    @Test
    void aMissingQueueFailsTheSubmission() {
        fixture.queues.fail(
                StepFunctionsFixture.QUEUE,
                9,
                AwsErrorException.of(
                        400,
                        "QueueDoesNotExist",
                        "AWS.SimpleQueueService.NonExistentQueue",
                        "The specified queue does not exist."));
        var ran = fixture.run(askShipping(CATCH_NOTHING), "{\"n\":1}");

        assertThat(fixture.chain(ran.arn()))
                .endsWith("5<4 TaskSubmitFailed", "6<5 ExecutionFailed");
        assertThat(ran.error()).isEqualTo("SQS.QueueDoesNotExistException");
        assertThat(ran.cause()).startsWith("The specified queue does not exist.");
    }

    @Test
    void eventsAreSentWithTheirDetailAsTextAndTheExecutionAsResource() {
        String machine =
                """
                {"QueryLanguage":"JSONata","StartAt":"Tell","States":{"Tell":{"Type":"Task","Resource":"arn:aws:states:::events:putEvents",
                  "Arguments":{"Entries":[{"EventBusName":"orders","Source":"flow","DetailType":"Confirmed","Detail":{"id":"{% $states.input.id %}"}}]},
                  "Retry":[{"ErrorEquals":["EventBridge.FailedEntry"],"IntervalSeconds":1}],
                  "Output":"{% $states.result.FailedEntryCount %}","End":true}}}
                """;
        fixture.bus.rejections.set(1);
        var ran = fixture.run(machine, "{\"id\":\"o-1\"}");

        assertThat(ran.output()).isEqualTo(StepFunctionsJson.parse("0"));
        var entry = fixture.bus.entries.getFirst();
        assertThat(entry.path("Detail").stringValue()).isEqualTo("{\"id\":\"o-1\"}");
        assertThat(entry.path("Resources").valueStream().map(JsonNode::stringValue))
                .containsExactly(
                        fixture.describe(ran.arn()).path("stateMachineArn").stringValue(),
                        ran.arn());
        assertThat(fixture.chain(ran.arn()))
                .containsSequence("5<4 TaskFailed", "6<5 TaskScheduled", "7<6 TaskStarted");
    }

    @Test
    void messageAttributesKeepTheirTypes() {
        fixture.run(
                """
                {"StartAt":"Tell","States":{"Tell":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage",
                  "Parameters":{"QueueUrl":"%s","MessageBody":"x","DelaySeconds":0,
                    "MessageAttributes":{"n":{"DataType":"Number.int","StringValue.$":"States.Format('{}', $.n)"},
                                         "b":{"DataType":"Binary","BinaryValue":"AQI="}}},"End":true}}}
                """
                        .formatted(StepFunctionsFixture.QUEUE),
                "{\"n\":7}");

        var attributes =
                fixture.queues.messages(StepFunctionsFixture.QUEUE).getFirst().attributes();
        assertThat(attributes.get("n")).isEqualTo(new QueuePort.TypedAttribute("Number.int", "7"));
        assertThat(attributes.get("b")).isEqualTo(new QueuePort.TypedAttribute("Binary", "AQI="));
    }

    @Test
    void theSdkResponseHasItsTimestampAsText() {
        String child =
                fixture.machine("{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}");
        var ran =
                fixture.run(
                        """
                        {"StartAt":"Run","States":{"Run":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:startExecution",
                          "Parameters":{"StateMachineArn":"%s"},"End":true}}}
                        """
                                .formatted(child),
                        "{}");

        assertThat(ran.output().propertyNames()).containsExactly("ExecutionArn", "StartDate");
        assertThat(ran.output().path("StartDate").stringValue())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    }

    @Test
    void aTopicReceivesAMessageAsJson() {
        var ran =
                fixture.run(
                        """
                        {"StartAt":"Tell","States":{"Tell":{"Type":"Task","Resource":"arn:aws:states:::sns:publish",
                          "Parameters":{"TopicArn":"arn:aws:sns:us-east-1:000000000000:news","Message":{"v.$":"$.v"}},
                          "ResultSelector":{"id.$":"$.MessageId"},"ResultPath":"$.sent","End":true}}}
                        """,
                        "{\"v\":1}");

        assertThat(fixture.published).containsExactly("{\"v\":1}");
        assertThat(ran.output())
                .isEqualTo(StepFunctionsJson.parse("{\"v\":1,\"sent\":{\"id\":\"message-id\"}}"));
    }

    @Test
    void aTaskCanWaitForAnotherExecution() {
        String child =
                fixture.machine(
                        "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"Result\":{\"k\":1},\"End\":true}}}");
        String failing =
                fixture.machine(
                        "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Fail\",\"Error\":\"Bad\",\"Cause\":\"so\"}}}");
        String parent =
                """
                {"QueryLanguage":"JSONata","StartAt":"Run","States":{"Run":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
                  "Arguments":{"StateMachineArn":"{% $states.input.machine %}","Input":{"from":"parent"}},
                  "Output":"{% $states.result.Output %}","End":true}}}
                """;

        assertThat(fixture.run(parent, "{\"machine\":\"" + child + "\"}").output())
                .isEqualTo(StepFunctionsJson.parse("{\"k\":1}"));
        var failed = fixture.run(parent, "{\"machine\":\"" + failing + "\"}");
        assertThat(failed.error()).isEqualTo("States.TaskFailed");
        assertThat(StepFunctionsJson.parse(failed.cause()).path("Error").stringValue())
                .isEqualTo("Bad");
        assertThat(StepFunctionsJson.parse(failed.cause()).path("Status").stringValue())
                .isEqualTo("FAILED");
    }

    @Test
    void anAbandonedChildExecutionIsAborted() {
        String child =
                fixture.machine(
                        """
                        {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":9999999,"End":true}}}
                        """);
        var ran =
                fixture.run(
                        """
                        {"StartAt":"Run","States":{"Run":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync",
                          "Parameters":{"StateMachineArn":"%s","Name":"child"},"TimeoutSeconds":5,"End":true}}}
                        """
                                .formatted(child),
                        "{}");

        assertThat(ran.error()).isEqualTo("States.Timeout");
        assertThat(
                        fixture.ended(child.replace(":stateMachine:", ":execution:") + ":child")
                                .path("status")
                                .stringValue())
                .isEqualTo("ABORTED");
    }

    @Test
    void aMissingStateMachineFailsTheTaskWithItsError() {
        var ran =
                fixture.run(
                        """
                        {"StartAt":"Run","States":{"Run":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution",
                          "Parameters":{"StateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:none"},"End":true}}}
                        """,
                        "{}");

        assertThat(ran.error()).isEqualTo("StepFunctions.StateMachineDoesNotExistException");
    }

    @Test
    void aWorkflowCanCompleteTheTaskOfAnother() {
        String asking = fixture.start(fixture.machine(askShipping(CATCH_ALL)), null, "{\"n\":1}");
        var answering =
                fixture.run(
                        """
                        {"StartAt":"Answer","States":{"Answer":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:sendTaskSuccess",
                          "Parameters":{"TaskToken.$":"$.token","Output":"{}"},"End":true}}}
                        """,
                        "{\"token\":\"" + fixture.token(1) + "\"}");

        assertThat(answering.status()).isEqualTo("SUCCEEDED");
        assertThat(fixture.ended(asking).path("output").stringValue()).isEqualTo("{}");
    }
}
