package dev.orderflow.localcloud.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RevisionsTest {

    private static final String PASS =
            "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}";

    private final StepFunctionsFixture fixture = new StepFunctionsFixture(1);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void onlyAnEffectiveUpdateCreatesARevision() {
        String machine = fixture.machine(PASS);
        assertThat(describe(machine).has("revisionId")).isFalse();

        assertThat(update(machine, PASS.replace(":", " : ")).has("revisionId")).isFalse();

        String revision =
                update(machine, PASS.replace("Pass", "Pass\",\"Comment\":\"c"))
                        .path("revisionId")
                        .stringValue();
        assertThat(revision).isNotBlank();
        assertThat(describe(machine).path("revisionId").stringValue()).isEqualTo(revision);
    }

    @Test
    void theVariablesThatStatesReadAreListed() {
        String machine =
                fixture.machine(
                        """
                        {"QueryLanguage":"JSONata","StartAt":"A","States":{
                          "A":{"Type":"Pass","Assign":{"total":"{% $states.input.n %}"},"Next":"B"},
                          "B":{"Type":"Pass","Output":"{% ($one := 1; $sum([$total, $one]) & '$not') %}","End":true}}}
                        """);
        assertThat(describe(machine).path("variableReferences"))
                .isEqualTo(StepFunctionsJson.parse("{\"B\":[\"total\"]}"));
        assertThat(describe(fixture.machine(PASS)).has("variableReferences")).isFalse();
    }

    private JsonNode describe(String machine) {
        return fixture.call(
                "DescribeStateMachine", StepFunctionsJson.object().put("stateMachineArn", machine));
    }

    private JsonNode update(String machine, String definition) {
        return fixture.call(
                "UpdateStateMachine",
                StepFunctionsJson.object()
                        .put("stateMachineArn", machine)
                        .put("definition", definition));
    }
}
