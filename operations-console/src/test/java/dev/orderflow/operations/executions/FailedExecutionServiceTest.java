package dev.orderflow.operations.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.orderflow.operations.OperationsProperties;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;

/// Against Step Functions' wire protocol, answered as AWS documents it.
class FailedExecutionServiceTest {

    private static final String MACHINE =
            "arn:aws:states:us-east-1:000000000000:stateMachine:order-workflow";
    private static final String ORDER = UUID.randomUUID().toString();
    private static final String ARN =
            MACHINE.replace(":stateMachine:", ":execution:") + ":" + ORDER;

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> heard = new ArrayList<>();
    private final HttpServer aws = listening();
    private final StepFunctionsExecutions workflows = workflows();

    @AfterEach
    void stop() {
        aws.stop(0);
    }

    @Test
    void aFailedExecutionIsKnownByTheStateItWasInLastAndByItsError() {
        describes("FAILED", ",\"error\":\"States.Timeout\",\"cause\":\"ada@example.org\"");
        inState("VoidPayment");
        var failed = workflows.failed(ORDER).orElseThrow();
        assertThat(failed.group()).isEqualTo("VoidPayment/States.Timeout");
        assertThat(failed.refusal()).isEmpty();
        assertThat(failed.toString()).doesNotContain("ada@example.org");
    }

    @Test
    void anErrorThatIsNoNameIsNotShown() {
        describes("ABORTED", ",\"error\":\"Ada Lovelace, 12 St James Square\"");
        inState("ArrangeShipment");
        assertThat(workflows.failed(ORDER).orElseThrow().group())
                .isEqualTo("ArrangeShipment/ABORTED");
    }

    @Test
    void whatRunsAgainHasNotFailed() {
        describes("RUNNING", "");
        assertThat(workflows.failed(ORDER)).isEmpty();
    }

    @Test
    void whatStepFunctionsWillNotRedriveIsSaidInItsWords() {
        describes(
                "FAILED",
                ",\"redriveStatus\":\"NOT_REDRIVABLE\",\"redriveStatusReason\":\"Execution is past the redrivable period\"");
        inState("VoidPayment");
        var failed = workflows.failed(ORDER).orElseThrow();
        assertThat(failed.refusal()).contains("Execution is past the redrivable period");

        answers.put("RedriveExecution", "!ExecutionNotRedrivable");
        assertThat(workflows.redrive(failed))
                .isEqualTo(new ExecutionsClient.RedriveResult.Refused("ExecutionNotRedrivable"));
    }

    @Test
    void theSameFailureHasTheSameTokenAndTheNextOneAnother() {
        answers.put("RedriveExecution", "{\"redriveDate\":1795437785.6}");
        workflows.redrive(failure(0));
        workflows.redrive(failure(0));
        workflows.redrive(failure(1));
        assertThat(heard).hasSize(3);
        assertThat(heard.get(0)).isEqualTo(heard.get(1)).contains("clientToken");
        assertThat(heard.get(2)).isNotEqualTo(heard.get(0));
    }

    @Test
    void thePagesLeadThroughEveryStatusOfABadEnd() {
        answers.put("ListExecutions", "{\"executions\":[]}");
        var statuses = new ArrayList<String>();
        Optional<String> cursor = Optional.empty();
        do {
            cursor = workflows.failed(cursor, 10).next();
            statuses.add(heard.getLast().replaceAll(".*\"statusFilter\":\"([A-Z_]+)\".*", "$1"));
        } while (cursor.isPresent());
        assertThat(statuses).containsExactly("FAILED", "TIMED_OUT", "ABORTED");
    }

    @Test
    void aCursorThatIsNoneIsRefusedBeforeAnybodyIsAsked() {
        for (var wrong : List.of("%%%", "MzpY", "", "AAAA")) {
            assertThatThrownBy(() -> workflows.failed(Optional.of(wrong), 10))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void aCanaryIsSettledWhenItHasLeftTheStateItFailedIn() {
        describes("RUNNING", "");
        inState("VoidPayment");
        assertThat(workflows.progress(failure(0)))
                .isEqualTo(ExecutionsClient.RedriveProgress.STILL_THERE);
        inState("ReleaseInventory");
        assertThat(workflows.progress(failure(0)))
                .isEqualTo(ExecutionsClient.RedriveProgress.WENT_ON);
        describes("SUCCEEDED", "");
        assertThat(workflows.progress(failure(0)))
                .isEqualTo(ExecutionsClient.RedriveProgress.WENT_ON);
        describes("FAILED", "");
        assertThat(workflows.progress(failure(0)))
                .isEqualTo(ExecutionsClient.RedriveProgress.FAILED_AGAIN);
    }

    /// A person's decision takes minutes, a carrier's answer days.
    @Test
    void aCanaryOfAStepThatWaitsForAnAnswerIsSettledWhenItsRequestWasHandedOver() {
        describes("RUNNING", "");
        inStep("TaskScheduled");
        assertThat(workflows.progress(failure(0)))
                .isEqualTo(ExecutionsClient.RedriveProgress.STILL_THERE);
        inStep("TaskStarted");
        assertThat(workflows.progress(failure(0)))
                .isEqualTo(ExecutionsClient.RedriveProgress.STILL_THERE);
        inStep("TaskSubmitted");
        assertThat(workflows.progress(failure(0)))
                .isEqualTo(ExecutionsClient.RedriveProgress.WENT_ON);
    }

    private void inStep(String latest) {
        answers.put(
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
        answers.put(
                "DescribeExecution",
                "{\"executionArn\":\"%s\",\"stateMachineArn\":\"%s\",\"name\":\"%s\",\"status\":\"%s\",\"startDate\":1795437785.6,\"stopDate\":1795437790.6%s}"
                        .formatted(ARN, MACHINE, ORDER, status, more));
    }

    private void inState(String state) {
        answers.put(
                "GetExecutionHistory",
                """
                {"events":[{"timestamp":1795437790.6,"type":"ExecutionFailed","id":9},
                 {"timestamp":1795437789.6,"type":"TaskStateEntered","id":7,"stateEnteredEventDetails":{"name":"%s"}},
                 {"timestamp":1795437788.6,"type":"TaskStateEntered","id":3,"stateEnteredEventDetails":{"name":"Earlier"}}]}"""
                        .formatted(state));
    }

    private StepFunctionsExecutions workflows() {
        var url = URI.create("http://127.0.0.1:" + aws.getAddress().getPort());
        var client =
                SfnClient.builder()
                        .endpointOverride(url)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("test", "test")))
                        .overrideConfiguration(
                                it -> it.retryStrategy(AwsRetryStrategy.doNotRetry()))
                        .build();
        return new StepFunctionsExecutions(
                client, new OperationsProperties(MACHINE, url, url, url, url, url));
    }

    private HttpServer listening() {
        try {
            var server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext(
                    "/",
                    exchange -> {
                        heard.add(
                                new String(
                                        exchange.getRequestBody().readAllBytes(),
                                        StandardCharsets.UTF_8));
                        var target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
                        var operation = target.substring(target.indexOf('.') + 1);
                        var answer = answers.getOrDefault(operation, "!Unexpected" + operation);
                        boolean refused = answer.startsWith("!");
                        var body =
                                (refused
                                                ? "{\"__type\":\"%s\",\"message\":\"no\"}"
                                                        .formatted(answer.substring(1))
                                                : answer)
                                        .getBytes(StandardCharsets.UTF_8);
                        exchange.getResponseHeaders()
                                .set("Content-Type", "application/x-amz-json-1.0");
                        exchange.sendResponseHeaders(refused ? 400 : 200, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
            server.start();
            return server;
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
