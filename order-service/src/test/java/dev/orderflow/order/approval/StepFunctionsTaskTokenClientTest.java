package dev.orderflow.order.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.AwsHttpStub;
import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.order.approval.TaskTokenClient.TaskCompletionResult;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import tools.jackson.databind.json.JsonMapper;

/// Tests the client against HTTP responses of Step Functions.
class StepFunctionsTaskTokenClientTest {

    private final AwsHttpStub wire = new AwsHttpStub();
    private final SfnClient client = wire.client(SfnClient.builder());
    private final StepFunctionsTaskTokenClient task = new StepFunctionsTaskTokenClient(client);

    @AfterEach
    void stop() {
        client.close();
        wire.close();
    }

    @Test
    void anApprovalCompletesTheTaskWithSuccess() {
        assertThat(task.complete("token-1", ApprovalDecision.APPROVE))
                .isEqualTo(new TaskCompletionResult.TaskCompleted());
        assertThat(wire.lastTarget()).isEqualTo("AWSStepFunctions.SendTaskSuccess");
        var request = JsonMapper.shared().readTree(wire.lastRequestBody());
        assertThat(request.path("taskToken").asString()).isEqualTo("token-1");
        assertThat(JsonMapper.shared().readTree(request.path("output").asString()).isObject())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"REJECT, ApprovalRejected", "CANCEL, OrderCancelled"})
    void aRejectionAndACancellationFailTheTaskWithErrorsTheWorkflowCatches(
            ApprovalDecision decision, String error) {
        assertThat(task.complete("token-1", decision))
                .isEqualTo(new TaskCompletionResult.TaskCompleted());
        assertThat(wire.lastTarget()).isEqualTo("AWSStepFunctions.SendTaskFailure");
        assertThat(JsonMapper.shared().readTree(wire.lastRequestBody()).path("error").asString())
                .isEqualTo(error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})
    void anExpiredTaskTokenIsReported(String type) {
        wire.answerWithError(400, type);
        assertThat(task.complete("token-1", ApprovalDecision.APPROVE))
                .isEqualTo(new TaskCompletionResult.TaskTokenExpired(false));
    }

    @Test
    void aTaskThatHadEndedWhenTheSdkRepeatedTheRequestMayHaveTakenTheFirst() {
        var answers =
                new ArrayDeque<>(
                        List.of(
                                new HttpStub.StubResponse(500, "{}"),
                                new HttpStub.StubResponse(
                                        400, "{\"__type\":\"TaskTimedOut\",\"message\":\"no\"}")));
        try (var server = new HttpStub(_ -> answers.remove());
                var retrying =
                        SfnClient.builder()
                                .endpointOverride(URI.create(server.url()))
                                .region(Region.US_EAST_1)
                                .credentialsProvider(AnonymousCredentialsProvider.create())
                                .build()) {
            assertThat(
                            new StepFunctionsTaskTokenClient(retrying)
                                    .complete("token-1", ApprovalDecision.APPROVE))
                    .isEqualTo(new TaskCompletionResult.TaskTokenExpired(true));
        }
    }

    @Test
    void everyOtherErrorIsRetriedAndTheReasonContainsNoToken() {
        wire.answerWithError(400, "ThrottlingException");
        assertThat(task.complete("token-1", ApprovalDecision.APPROVE))
                .isEqualTo(
                        new TaskCompletionResult.TaskServiceUnreachable(
                                "answered 400 ThrottlingException"));
        wire.close();
        assertThat(task.complete("token-1", ApprovalDecision.REJECT))
                .isIn(
                        new TaskCompletionResult.TaskServiceUnreachable("connection refused"),
                        new TaskCompletionResult.TaskServiceUnreachable("no complete response"));
    }
}
