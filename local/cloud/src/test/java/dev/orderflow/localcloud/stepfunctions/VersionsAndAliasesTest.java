package dev.orderflow.localcloud.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class VersionsAndAliasesTest {

    private static final String SAYS_ONE = definition("one");
    private static final String SAYS_TWO = definition("two");

    private final StepFunctionsFixture bench = new StepFunctionsFixture(1);

    @AfterEach
    void stop() {
        bench.service.close();
    }

    private static String definition(String output) {
        return """
        {"QueryLanguage":"JSONata","StartAt":"Say","States":{"Say":{"Type":"Pass","Output":"%s","End":true}}}"""
                .formatted(output);
    }

    private String publish(String machine) {
        return bench.call(
                        "PublishStateMachineVersion",
                        StepFunctionsJson.object().put("stateMachineArn", machine))
                .path("stateMachineVersionArn")
                .stringValue();
    }

    private void update(String machine, String definition) {
        bench.call(
                "UpdateStateMachine",
                StepFunctionsJson.object()
                        .put("stateMachineArn", machine)
                        .put("definition", definition));
    }

    private static ObjectNode routes(ObjectNode request, Object... versionsAndWeights) {
        var routes = request.putArray("routingConfiguration");
        for (int i = 0; i < versionsAndWeights.length; i += 2) {
            routes.addObject()
                    .put("stateMachineVersionArn", (String) versionsAndWeights[i])
                    .put("weight", (Integer) versionsAndWeights[i + 1]);
        }
        return request;
    }

    private String alias(String name, Object... versionsAndWeights) {
        return bench.call(
                        "CreateStateMachineAlias",
                        routes(StepFunctionsJson.object().put("name", name), versionsAndWeights))
                .path("stateMachineAliasArn")
                .stringValue();
    }

    private String outputOf(String execution) {
        return bench.ended(execution).path("output").stringValue();
    }

    @Test
    void aVersionStaysAsItWasWhenTheStateMachineChanges() {
        var machine = bench.machine(SAYS_ONE);
        var version = publish(machine);
        update(machine, SAYS_TWO);
        assertThat(version).isEqualTo(machine + ":1");
        assertThat(outputOf(bench.start(version, null, "{}"))).isEqualTo("\"one\"");
        assertThat(outputOf(bench.start(machine, null, "{}"))).isEqualTo("\"two\"");
    }

    @Test
    void theSameRevisionIsPublishedOnce() {
        var machine = bench.machine(SAYS_ONE);
        assertThat(publish(machine)).isEqualTo(publish(machine));
        update(machine, SAYS_TWO);
        assertThat(publish(machine)).isEqualTo(machine + ":2");
    }

    @Test
    void anExecutionSaysWhichVersionAndAliasItHasAndKeepsItsUnqualifiedStateMachine() {
        var machine = bench.machine(SAYS_ONE);
        var version = publish(machine);
        var alias = alias("live", version, 100);
        var execution = bench.start(alias, "order-1", "{}");
        var described = bench.ended(execution);
        assertThat(execution).doesNotContain("live").endsWith(":order-1");
        assertThat(described.path("stateMachineArn").stringValue()).isEqualTo(machine);
        assertThat(described.path("stateMachineVersionArn").stringValue()).isEqualTo(version);
        assertThat(described.path("stateMachineAliasArn").stringValue()).isEqualTo(alias);
        assertThat(bench.bus.statusChanges)
                .isNotEmpty()
                .allSatisfy(
                        detail -> {
                            assertThat(detail.path("stateMachineArn").stringValue())
                                    .isEqualTo(machine);
                            assertThat(detail.path("stateMachineAliasArn").stringValue())
                                    .isEqualTo(alias);
                        });
    }

    @Test
    void anAliasLeadsToItsVersionsByWeight() {
        var machine = bench.machine(SAYS_ONE);
        var one = publish(machine);
        update(machine, SAYS_TWO);
        var two = publish(machine);
        var alias = alias("live", one, 50, two, 50);
        var outputs = new HashSet<String>();
        for (int i = 0; i < 200 && outputs.size() < 2; i++) {
            outputs.add(outputOf(bench.start(alias, null, "{}")));
        }
        assertThat(outputs).containsExactlyInAnyOrder("\"one\"", "\"two\"");
        bench.call(
                "UpdateStateMachineAlias",
                routes(StepFunctionsJson.object().put("stateMachineAliasArn", alias), two, 100));
        for (int i = 0; i < 20; i++) {
            assertThat(outputOf(bench.start(alias, null, "{}"))).isEqualTo("\"two\"");
        }
    }

    @Test
    void executionsAreListedByStateMachineVersionAndAlias() {
        var machine = bench.machine(SAYS_ONE);
        var version = publish(machine);
        var alias = alias("live", version, 100);
        bench.start(alias, "by-alias", "{}");
        bench.start(version, "by-version", "{}");
        bench.start(machine, "by-machine", "{}");
        assertThat(listed(machine)).isEqualTo(3);
        assertThat(listed(version)).isEqualTo(2);
        assertThat(listed(alias)).isEqualTo(1);
    }

    private int listed(String arn) {
        return bench.call("ListExecutions", StepFunctionsJson.object().put("stateMachineArn", arn))
                .path("executions")
                .size();
    }

    @Test
    void aVersionThatAnAliasLeadsToCannotBeDeleted() {
        var machine = bench.machine(SAYS_ONE);
        var version = publish(machine);
        var alias = alias("live", version, 100);
        assertThatThrownBy(() -> delete(version))
                .hasMessageContaining("live")
                .extracting("code")
                .isEqualTo("ConflictException");
        bench.call(
                "DeleteStateMachineAlias",
                StepFunctionsJson.object().put("stateMachineAliasArn", alias));
        delete(version);
        assertThatThrownBy(() -> bench.start(version, null, "{}"))
                .extracting("code")
                .isEqualTo("StateMachineDoesNotExist");
    }

    private void delete(String version) {
        bench.call(
                "DeleteStateMachineVersion",
                StepFunctionsJson.object().put("stateMachineVersionArn", version));
    }

    @Test
    void anAliasNeedsVersionsOfOneStateMachineThatExistAndAHundredPerCent() {
        var machine = bench.machine(SAYS_ONE);
        var version = publish(machine);
        var other = publish(bench.machine(SAYS_TWO));
        assertThatThrownBy(() -> alias("live", version, 99)).hasMessageContaining("100");
        assertThatThrownBy(() -> alias("live", version, 50, other, 50))
                .hasMessageContaining("same state machine");
        assertThatThrownBy(() -> alias("live", machine + ":9", 100))
                .extracting("code")
                .isEqualTo("ResourceNotFound");
        assertThatThrownBy(() -> alias("1", version, 100))
                .extracting("code")
                .isEqualTo("ValidationException");
    }
}
