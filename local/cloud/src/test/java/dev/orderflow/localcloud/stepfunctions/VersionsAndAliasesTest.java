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

    private final StepFunctionsFixture fixture = new StepFunctionsFixture(1);

    @AfterEach
    void stop() {
        fixture.service.close();
    }

    private static String definition(String output) {
        return """
        {"QueryLanguage":"JSONata","StartAt":"Say","States":{"Say":{"Type":"Pass","Output":"%s","End":true}}}"""
                .formatted(output);
    }

    private String publish(String machine) {
        return fixture.call(
                        "PublishStateMachineVersion",
                        StepFunctionsJson.object().put("stateMachineArn", machine))
                .path("stateMachineVersionArn")
                .stringValue();
    }

    private void update(String machine, String definition) {
        fixture.call(
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
        return fixture.call(
                        "CreateStateMachineAlias",
                        routes(StepFunctionsJson.object().put("name", name), versionsAndWeights))
                .path("stateMachineAliasArn")
                .stringValue();
    }

    private String outputOf(String execution) {
        return fixture.ended(execution).path("output").stringValue();
    }

    @Test
    void aVersionIsUnchangedWhenTheStateMachineChanges() {
        var machine = fixture.machine(SAYS_ONE);
        var version = publish(machine);
        update(machine, SAYS_TWO);
        assertThat(version).isEqualTo(machine + ":1");
        assertThat(outputOf(fixture.start(version, null, "{}"))).isEqualTo("\"one\"");
        assertThat(outputOf(fixture.start(machine, null, "{}"))).isEqualTo("\"two\"");
    }

    @Test
    void theSameRevisionIsPublishedOnce() {
        var machine = fixture.machine(SAYS_ONE);
        assertThat(publish(machine)).isEqualTo(publish(machine));
        update(machine, SAYS_TWO);
        assertThat(publish(machine)).isEqualTo(machine + ":2");
    }

    @Test
    void anExecutionReportsItsVersionAndAliasAndTheUnqualifiedStateMachine() {
        var machine = fixture.machine(SAYS_ONE);
        var version = publish(machine);
        var alias = alias("live", version, 100);
        var execution = fixture.start(alias, "order-1", "{}");
        var described = fixture.ended(execution);
        assertThat(execution).doesNotContain("live").endsWith(":order-1");
        assertThat(described.path("stateMachineArn").stringValue()).isEqualTo(machine);
        assertThat(described.path("stateMachineVersionArn").stringValue()).isEqualTo(version);
        assertThat(described.path("stateMachineAliasArn").stringValue()).isEqualTo(alias);
        assertThat(fixture.bus.statusChanges)
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
    void anAliasRoutesToItsVersionsByWeight() {
        var machine = fixture.machine(SAYS_ONE);
        var one = publish(machine);
        update(machine, SAYS_TWO);
        var two = publish(machine);
        var alias = alias("live", one, 50, two, 50);
        var outputs = new HashSet<String>();
        for (int i = 0; i < 200 && outputs.size() < 2; i++) {
            outputs.add(outputOf(fixture.start(alias, null, "{}")));
        }
        assertThat(outputs).containsExactlyInAnyOrder("\"one\"", "\"two\"");
        fixture.call(
                "UpdateStateMachineAlias",
                routes(StepFunctionsJson.object().put("stateMachineAliasArn", alias), two, 100));
        for (int i = 0; i < 20; i++) {
            assertThat(outputOf(fixture.start(alias, null, "{}"))).isEqualTo("\"two\"");
        }
    }

    @Test
    void executionsAreListedByStateMachineVersionAndAlias() {
        var machine = fixture.machine(SAYS_ONE);
        var version = publish(machine);
        var alias = alias("live", version, 100);
        fixture.start(alias, "by-alias", "{}");
        fixture.start(version, "by-version", "{}");
        fixture.start(machine, "by-machine", "{}");
        assertThat(listed(machine)).isEqualTo(3);
        assertThat(listed(version)).isEqualTo(2);
        assertThat(listed(alias)).isEqualTo(1);
    }

    private int listed(String arn) {
        return fixture.call(
                        "ListExecutions", StepFunctionsJson.object().put("stateMachineArn", arn))
                .path("executions")
                .size();
    }

    @Test
    void aVersionWithAnAliasCannotBeDeleted() {
        var machine = fixture.machine(SAYS_ONE);
        var version = publish(machine);
        var alias = alias("live", version, 100);
        assertThatThrownBy(() -> delete(version))
                .hasMessageContaining("live")
                .extracting("code")
                .isEqualTo("ConflictException");
        fixture.call(
                "DeleteStateMachineAlias",
                StepFunctionsJson.object().put("stateMachineAliasArn", alias));
        delete(version);
        assertThatThrownBy(() -> fixture.start(version, null, "{}"))
                .extracting("code")
                .isEqualTo("StateMachineDoesNotExist");
    }

    private void delete(String version) {
        fixture.call(
                "DeleteStateMachineVersion",
                StepFunctionsJson.object().put("stateMachineVersionArn", version));
    }

    @Test
    void anAliasNeedsExistingVersionsOfOneStateMachineAndWeightsOf100Percent() {
        var machine = fixture.machine(SAYS_ONE);
        var version = publish(machine);
        var other = publish(fixture.machine(SAYS_TWO));
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
