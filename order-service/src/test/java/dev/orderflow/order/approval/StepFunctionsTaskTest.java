package dev.orderflow.order.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.order.AwsWire;
import dev.orderflow.order.approval.WaitingTask.Reception;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sfn.SfnClient;
import tools.jackson.databind.json.JsonMapper;

/// Through the SDK, against what Step Functions answers on the wire.
class StepFunctionsTaskTest {

    private final AwsWire wire = new AwsWire();
    private final SfnClient client = wire.client(SfnClient.builder());
    private final StepFunctionsTask task = new StepFunctionsTask(client);

    @AfterEach
    void stop() {
        client.close();
        wire.close();
    }

    @Test
    void anApprovalIsTheTasksSuccess() {
        assertThat(task.tell("token-1", Decision.APPROVE)).isEqualTo(new Reception.Taken());
        assertThat(wire.target()).isEqualTo("AWSStepFunctions.SendTaskSuccess");
        var heard = JsonMapper.shared().readTree(wire.heard());
        assertThat(heard.path("taskToken").asString()).isEqualTo("token-1");
        assertThat(JsonMapper.shared().readTree(heard.path("output").asString()).isObject())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"REJECT, ApprovalRefused", "CANCEL, OrderCancelled"})
    void whatStopsAnOrderIsAnErrorThatTheWorkflowCatches(Decision decision, String error) {
        assertThat(task.tell("token-1", decision)).isEqualTo(new Reception.Taken());
        assertThat(wire.target()).isEqualTo("AWSStepFunctions.SendTaskFailure");
        assertThat(JsonMapper.shared().readTree(wire.heard()).path("error").asString())
                .isEqualTo(error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})
    void aTaskThatWaitsNoMoreIsTold(String type) {
        wire.refuse(400, type);
        assertThat(task.tell("token-1", Decision.APPROVE)).isEqualTo(new Reception.NobodyWaits());
    }

    @Test
    void everythingElseIsTriedAgainAndQuotesNoToken() {
        wire.refuse(400, "ThrottlingException");
        assertThat(task.tell("token-1", Decision.APPROVE))
                .isInstanceOfSatisfying(
                        Reception.Unreachable.class,
                        it -> assertThat(it.reason()).doesNotContain("token-1"));
        wire.close();
        assertThat(task.tell("token-1", Decision.REJECT)).isInstanceOf(Reception.Unreachable.class);
    }
}
