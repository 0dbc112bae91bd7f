package dev.orderflow.localcloud.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Retention of finished executions. AWS keeps them and their names for [90
/// days](https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
class ExecutionRepositoryTest {

    private static final String PASS =
            "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}";

    private static final String ASK =
            """
            {"QueryLanguage":"JSONata","StartAt":"Ask","States":{
              "Ask":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "Arguments":{"QueueUrl":"%s","MessageBody":{"taskToken":"{%% $states.context.Task.Token %%}"}},
                "End":true}}}
            """
                    .formatted(StepFunctionsFixture.QUEUE);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

    /// With a clock that stands still until [#advance].
    private StepFunctionsFixture fixture(int finishedKept) {
        return new StepFunctionsFixture(new CloudClock(now::get, 1), finishedKept);
    }

    private void advance(Duration duration) {
        now.updateAndGet(it -> it.plus(duration));
    }

    private static void refused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AwsErrorException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static String finished(StepFunctionsFixture fixture, String machine, String name) {
        String execution = fixture.start(machine, name, "{}");
        ObjectNode unused = fixture.ended(execution);
        return execution;
    }

    private static List<String> names(StepFunctionsFixture fixture, String machine) {
        return fixture.call(
                        "ListExecutions",
                        StepFunctionsJson.object().put("stateMachineArn", machine))
                .path("executions")
                .valueStream()
                .map(e -> e.path("name").stringValue())
                .toList();
    }

    @Test
    void onlyTheLatestFinishedExecutionsAreKeptAndOtherNamesStayReserved() {
        try (var fixture = new StepFunctionsFixture(100, 2)) {
            String machine = fixture.machine(PASS);
            String waiting = fixture.start(fixture.machine(ASK), "waiting", "{}");
            String first = finished(fixture, machine, "e-1");
            for (int i = 2; i <= 4; i++) {
                finished(fixture, machine, "e-" + i);
            }

            assertThat(names(fixture, machine)).containsExactly("e-4", "e-3");
            refused("ExecutionDoesNotExist", () -> fixture.describe(first));
            refused("ExecutionDoesNotExist", () -> fixture.events(first));
            refused("ExecutionAlreadyExists", () -> fixture.start(machine, "e-1", "{}"));
            assertThat(fixture.status(waiting)).isEqualTo("RUNNING");
        }
    }

    @Test
    void afterNinetyDaysAnExecutionAndItsNameAreReleased() {
        try (var fixture = fixture(ExecutionRepository.FINISHED)) {
            String machine = fixture.machine(PASS);
            String first = finished(fixture, machine, "e-1");
            advance(Duration.ofDays(90));
            assertThat(fixture.status(first)).isEqualTo("SUCCEEDED");
            refused("ExecutionAlreadyExists", () -> fixture.start(machine, "e-1", "{}"));

            advance(Duration.ofMillis(1));
            refused("ExecutionDoesNotExist", () -> fixture.describe(first));
            assertThat(names(fixture, machine)).isEmpty();
            assertThat(finished(fixture, machine, "e-1")).isEqualTo(first);
        }
    }

    @Test
    void theNameOfARemovedExecutionIsReleasedAfterNinetyDays() {
        try (var fixture = fixture(0)) {
            String machine = fixture.machine(PASS);
            String first = fixture.start(machine, "e-1", "{}");
            await().untilAsserted(
                            () -> refused("ExecutionDoesNotExist", () -> fixture.describe(first)));
            advance(Duration.ofDays(90));
            refused("ExecutionAlreadyExists", () -> fixture.start(machine, "e-1", "{}"));

            advance(Duration.ofMillis(1));
            assertThat(fixture.start(machine, "e-1", "{}")).isEqualTo(first);
        }
    }

    @Test
    void aRedrivenExecutionIsKeptWhileItRuns() {
        try (var fixture = new StepFunctionsFixture(100, 1)) {
            String machine = fixture.machine(PASS);
            String redriven = fixture.start(fixture.machine(ASK), "redriven", "{}");
            fixture.sendTaskFailure(fixture.token(1), "Away", "nobody there");
            ObjectNode failed = fixture.ended(redriven);
            assertThat(failed.path("redriveStatus").stringValue()).isEqualTo("REDRIVABLE");
            ObjectNode unused =
                    fixture.call(
                            "RedriveExecution",
                            StepFunctionsJson.object().put("executionArn", redriven));
            finished(fixture, machine, "e-1");
            finished(fixture, machine, "e-2");

            assertThat(fixture.status(redriven)).isEqualTo("RUNNING");
            fixture.sendTaskSuccess(fixture.token(2), "\"done\"");
            assertThat(fixture.ended(redriven).path("output").stringValue()).isEqualTo("\"done\"");
            refused(
                    "ExecutionDoesNotExist",
                    () ->
                            fixture.describe(
                                    machine.replace(":stateMachine:", ":execution:") + ":e-2"));
        }
    }

    @Test
    void aStateMachineWithFinishedExecutionsCanBeDeleted() {
        try (var fixture = new StepFunctionsFixture(100)) {
            String machine = fixture.machine(PASS);
            finished(fixture, machine, "e-1");
            ObjectNode unused =
                    fixture.call(
                            "DeleteStateMachine",
                            StepFunctionsJson.object().put("stateMachineArn", machine));

            refused("StateMachineDoesNotExist", () -> fixture.start(machine, "e-2", "{}"));
        }
    }
}
