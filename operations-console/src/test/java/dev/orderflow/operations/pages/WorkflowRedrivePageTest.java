package dev.orderflow.operations.pages;

import static dev.orderflow.operations.TestBrowser.location;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.StepFunctionsStub;
import dev.orderflow.operations.TestBrowser;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Redrives and dismissals of failed executions: choose, plan, run, compare with the plan.
@OperationsConsoleFixture
class WorkflowRedrivePageTest {

    private static final String MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:none";

    private final int port;
    private final JdbcClient jdbc;
    private final StepFunctionsStub stepFunctions;
    private UUID order = UUID.randomUUID();

    @Autowired
    WorkflowRedrivePageTest(
            @Qualifier("pagesConnector") AdditionalConnector connector,
            JdbcClient jdbc,
            StepFunctionsStub stepFunctions) {
        this.port = connector.port();
        this.jdbc = jdbc;
        this.stepFunctions = stepFunctions;
    }

    @BeforeEach
    void oneExecutionTimedOut() {
        PageFixture.withoutWork();
        jdbc.sql("DELETE FROM waiting_action").update();
        jdbc.sql("DELETE FROM dismissed_execution").update();
        jdbc.sql(
                        "UPDATE redrive SET state = 'DONE', ended_at = now() WHERE state IN ('RUNNING', 'PAUSED')")
                .update();
        order = ServiceStubs.putOrder("CONFIRMED").id;
        stepFunctions.respondWith(
                "ListExecutions TIMED_OUT",
                "{\"executions\":[{\"executionArn\":\"%s\",\"stateMachineArn\":\"%s\",\"name\":\"%s\",\"status\":\"TIMED_OUT\",\"startDate\":1795437785.6}]}"
                        .formatted(arn(), MACHINE, order));
        stepFunctions.respondWith("DescribeExecution", description("TIMED_OUT"));
        stepFunctions.describeRedrivenWith(description("SUCCEEDED"));
        stepFunctions.respondWith(
                "GetExecutionHistory",
                "{\"events\":[{\"timestamp\":1795437785.6,\"type\":\"TaskStateEntered\",\"id\":2,\"previousEventId\":0,\"stateEnteredEventDetails\":{\"name\":\"Ship\"}}]}");
        stepFunctions.respondWith("RedriveExecution", "{\"redriveDate\":1795437785.6}");
    }

    @AfterEach
    void withoutExecutions() {
        stepFunctions.reset();
    }

    private String arn() {
        return MACHINE.replace(":stateMachine:", ":execution:") + ":" + order;
    }

    private String description(String status) {
        return "{\"executionArn\":\"%s\",\"stateMachineArn\":\"%s\",\"name\":\"%s\",\"status\":\"%s\",\"startDate\":1795437785.6,\"stopDate\":1795437785.6,\"error\":\"States.Timeout\",\"redriveCount\":0,\"redriveStatus\":\"REDRIVABLE\"}"
                .formatted(arn(), MACHINE, order, status);
    }

    private TestBrowser signIn(String name, OperatorRole role) {
        return new TestBrowser(port).signIn(name, role);
    }

    private String plan(TestBrowser browser, Map<String, String> selection) {
        var planned = browser.post("/workflow/plans", selection);
        assertThat(planned.statusCode()).as(planned.body()).isEqualTo(303);
        return location(planned);
    }

    @Test
    void aFailedExecutionIsChosenPlannedRedrivenAndComparedWithItsPlan() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        var page = oskar.read("/workflow");
        assertThat(page)
                .contains("/workflow/redrive?execution=" + order, "Ship/States.Timeout")
                .contains("/workflow/redrive?group=Ship%2FStates.Timeout", "1 failed here")
                .doesNotContain("Next page");
        assertThat(oskar.read("/workflow/redrive?execution=" + order))
                .contains("aria-current=\"step\">Choose", "value=\"" + order + "\"");
        var planned = plan(oskar, Map.of("execution", order.toString()));
        assertThat(planned).startsWith("/workflow/plans/");
        assertThat(oskar.read(planned))
                .contains("1 execution of failed executions selected", "Redrive 1 execution")
                .contains("CONFIRMED");
        var started = oskar.post(planned + "/start", Map.of("reason", "fixed", "perSecond", "100"));
        assertThat(started.statusCode()).as(started.body()).isEqualTo(303);
        var ended =
                await().until(
                                () -> oskar.read(location(started)),
                                html -> html.contains("1 of 1 as planned"));
        assertThat(stepFunctions.requests("RedriveExecution"))
                .anySatisfy(body -> assertThat(body).contains(arn()));
        assertThat(ended).contains("Redrive of failed executions", "<a href=\"/workflow\">");
        assertThat(oskar.read("/workflow")).contains("fixed", location(started));
    }

    @Test
    void aForcedRedriveOfAGroupWaitsForASecondPerson() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        var planned = plan(oskar, Map.of("group", "Ship/States.Timeout"));
        var waiting =
                oskar.post(
                        planned + "/start", Map.of("reason", "they must go on", "force", "true"));
        assertThat(location(waiting)).as(waiting.body()).isEqualTo("/approvals?done=requested");
        assertThat(oskar.read("/approvals")).contains("they must go on", "yours: another person");
    }

    @Test
    void anExecutionWhoseOrderIsOpenIsNotDismissed() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        var planned = plan(oskar, Map.of("execution", order.toString(), "action", "dismiss"));
        assertThat(oskar.read(planned))
                .contains("Dismiss: what it would do", "blocked</span>")
                .contains("its order is CONFIRMED and waits for it");
    }

    @Test
    void aViewerReadsAndCannotPlanAndInvalidValuesAreNamed() {
        var vera = signIn("vera", OperatorRole.VIEWER);
        assertThat(vera.read("/workflow")).doesNotContain("/workflow/redrive?execution");
        assertThat(vera.read("/workflow/redrive")).contains("you need the role operator");
        assertThat(vera.post("/workflow/plans", Map.of()).statusCode()).isEqualTo(403);
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        var invalid = new HashMap<String, String>();
        invalid.put("execution", "a b");
        invalid.put("status", "LOST");
        invalid.put("action", "explode");
        invalid.put("endedBefore", "today");
        invalid.put("group", "\u202e");
        invalid.forEach(
                (name, value) ->
                        assertThat(oskar.post("/workflow/plans", Map.of(name, value)).statusCode())
                                .as(name)
                                .isEqualTo(400));
        assertThat(oskar.get("/workflow?cursor=x").statusCode()).isEqualTo(400);
    }
}
