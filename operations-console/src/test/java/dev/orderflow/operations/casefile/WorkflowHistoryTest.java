package dev.orderflow.operations.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.OperationsProperties;
import dev.orderflow.operations.StepFunctionsStub;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WorkflowHistoryTest {

    private static final OperationsProperties.ServiceAddress SERVICE =
            new OperationsProperties.ServiceAddress(URI.create("http://127.0.0.1:1"));

    private final UUID order = UUID.randomUUID();
    private final StepFunctionsStub stepFunctions = new StepFunctionsStub();
    private final WorkflowHistory history =
            new WorkflowHistory(
                    stepFunctions.client(),
                    new OperationsProperties(
                            "arn:aws:states:us-east-1:000000000000:stateMachine:order-workflow",
                            SERVICE,
                            SERVICE,
                            SERVICE,
                            SERVICE,
                            SERVICE,
                            SERVICE));

    @Test
    void eachAttemptPauseAndRedriveIsAnEntryWithoutTheCauseOfItsError() {
        stepFunctions.respondWith(
                "DescribeExecution",
                """
                {"executionArn":"arn:aws:states:us-east-1:000000000000:execution:order-workflow:x","name":"x",
                 "stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:order-workflow",
                 "status":"FAILED","error":"States.Timeout","cause":"jane@example.com","startDate":1}
                """);
        stepFunctions.respondWith(
                "GetExecutionHistory",
                """
                {"events":[
                 {"id":1,"timestamp":100,"type":"ExecutionStarted","executionStartedEventDetails":{}},
                 {"id":2,"timestamp":101,"type":"TaskStateEntered","stateEnteredEventDetails":{"name":"CapturePayment"}},
                 {"id":3,"timestamp":101,"type":"TaskScheduled","taskScheduledEventDetails":{"resourceType":"http","resource":"invoke","region":"r","parameters":""}},
                 {"id":4,"timestamp":103,"type":"TaskFailed","taskFailedEventDetails":{"resourceType":"http","resource":"invoke","error":"States.Http.StatusCode.503","cause":"jane@example.com"}},
                 {"id":5,"timestamp":113,"type":"TaskScheduled","taskScheduledEventDetails":{"resourceType":"http","resource":"invoke","region":"r","parameters":""}},
                 {"id":6,"timestamp":133,"type":"TaskTimedOut","taskTimedOutEventDetails":{"resourceType":"http","resource":"invoke","error":"States.Timeout"}},
                 {"id":7,"timestamp":133,"type":"ExecutionFailed","executionFailedEventDetails":{"error":"States.Timeout","cause":"jane@example.com"}},
                 {"id":8,"timestamp":500,"type":"ExecutionRedriven","executionRedrivenEventDetails":{"redriveCount":1}},
                 {"id":9,"timestamp":501,"type":"TaskScheduled","taskScheduledEventDetails":{"resourceType":"http","resource":"invoke","region":"r","parameters":""}},
                 {"id":10,"timestamp":502,"type":"TaskSucceeded","taskSucceededEventDetails":{"resourceType":"http","resource":"invoke"}}]}
                """);
        var found = history.read(order);
        assertThat(found.states().getFirst().summary())
                .isEqualTo(
                        "The workflow is FAILED in the state CapturePayment with the error States.Timeout.");
        assertThat(found.entries())
                .extracting(entry -> entry.type() + " " + entry.outcome())
                .containsExactly(
                        "WORKFLOW_STARTED DONE",
                        "STEP_STARTED DONE",
                        "STEP_FAILED FAILED",
                        "STEP_BACK_OFF WAITING",
                        "STEP_STARTED REPEATED",
                        "STEP_FAILED FAILED",
                        "WORKFLOW_FAILED FAILED",
                        "WORKFLOW_REDRIVEN REPEATED",
                        "STEP_STARTED REPEATED",
                        "STEP_SUCCEEDED DONE");
        assertThat(found.entries().get(1).marks())
                .containsExactly("requested:" + order + ":capture");
        assertThat(found.entries().getLast().after())
                .containsExactly("answered:" + order + ":capture");
        assertThat(found.toString()).doesNotContain("jane");
        assertThat(stepFunctions.requests().toString()).contains("\"includeExecutionData\":false");
    }

    @Test
    void anOrderWithoutExecutionHasNoEntries() {
        stepFunctions.respondWithError("DescribeExecution", "ExecutionDoesNotExist");
        assertThat(history.read(order).entries()).isEmpty();
        assertThat(history.read(order).states()).isEmpty();
    }
}
