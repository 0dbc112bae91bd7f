package dev.orderflow.localcloud.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What becomes of finished executions. AWS keeps them and their names for [90
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

    private static void refused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AwsErrorException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static String finished(StepFunctionsFixture bench, String machine, String name) {
        String execution = bench.start(machine, name, "{}");
        ObjectNode unused = bench.ended(execution);
        return execution;
    }

    private static List<String> names(StepFunctionsFixture bench, String machine) {
        return bench.call(
                        "ListExecutions",
                        StepFunctionsJson.object().put("stateMachineArn", machine))
                .path("executions")
                .valueStream()
                .map(e -> e.path("name").stringValue())
                .toList();
    }

    @Test
    void onlyTheLatestFinishedOnesAreKeptAndTheOthersNamesStayTaken() {
        try (var bench = new StepFunctionsFixture(100, 2)) {
            String machine = bench.machine(PASS);
            String waiting = bench.start(bench.machine(ASK), "waiting", "{}");
            String first = finished(bench, machine, "e-1");
            for (int i = 2; i <= 4; i++) {
                finished(bench, machine, "e-" + i);
            }

            assertThat(names(bench, machine)).containsExactly("e-4", "e-3");
            refused("ExecutionDoesNotExist", () -> bench.describe(first));
            refused("ExecutionDoesNotExist", () -> bench.events(first));
            refused("ExecutionAlreadyExists", () -> bench.start(machine, "e-1", "{}"));
            assertThat(bench.status(waiting)).isEqualTo("RUNNING");
        }
    }

    @Test
    void afterNinetyDaysAnExecutionIsForgottenWithItsName() {
        try (var bench = new StepFunctionsFixture(5_000_000)) {
            String machine = bench.machine(PASS);
            String first = finished(bench, machine, "e-1");
            refused("ExecutionAlreadyExists", () -> bench.start(machine, "e-1", "{}"));

            await().untilAsserted(
                            () -> refused("ExecutionDoesNotExist", () -> bench.describe(first)));
            assertThat(names(bench, machine)).isEmpty();
            assertThat(finished(bench, machine, "e-1")).isEqualTo(first);
        }
    }

    @Test
    void aNameWhoseExecutionIsNotKeptIsFreeAfterNinetyDaysToo() {
        try (var bench = new StepFunctionsFixture(5_000_000, 0)) {
            String machine = bench.machine(PASS);
            String first = bench.start(machine, "e-1", "{}");
            await().untilAsserted(
                            () -> refused("ExecutionDoesNotExist", () -> bench.describe(first)));
            refused("ExecutionAlreadyExists", () -> bench.start(machine, "e-1", "{}"));

            await().ignoreExceptionsInstanceOf(AwsErrorException.class)
                    .until(() -> bench.start(machine, "e-1", "{}").equals(first));
        }
    }

    @Test
    void oneThatIsRedrivenIsNotForgottenWhileItRuns() {
        try (var bench = new StepFunctionsFixture(100, 1)) {
            String machine = bench.machine(PASS);
            String redriven = bench.start(bench.machine(ASK), "redriven", "{}");
            bench.sendTaskFailure(bench.token(1), "Away", "nobody there");
            ObjectNode failed = bench.ended(redriven);
            assertThat(failed.path("redriveStatus").stringValue()).isEqualTo("REDRIVABLE");
            ObjectNode unused =
                    bench.call(
                            "RedriveExecution",
                            StepFunctionsJson.object().put("executionArn", redriven));
            finished(bench, machine, "e-1");
            finished(bench, machine, "e-2");

            assertThat(bench.status(redriven)).isEqualTo("RUNNING");
            bench.sendTaskSuccess(bench.token(2), "\"done\"");
            assertThat(bench.ended(redriven).path("output").stringValue()).isEqualTo("\"done\"");
            refused(
                    "ExecutionDoesNotExist",
                    () ->
                            bench.describe(
                                    machine.replace(":stateMachine:", ":execution:") + ":e-2"));
        }
    }

    @Test
    void aDeletedStateMachineGoesThoughItHasFinishedExecutions() {
        try (var bench = new StepFunctionsFixture(100)) {
            String machine = bench.machine(PASS);
            finished(bench, machine, "e-1");
            ObjectNode unused =
                    bench.call(
                            "DeleteStateMachine",
                            StepFunctionsJson.object().put("stateMachineArn", machine));

            refused("StateMachineDoesNotExist", () -> bench.start(machine, "e-2", "{}"));
        }
    }
}
