package dev.orderflow.operations.pages;

import static dev.orderflow.operations.TestBrowser.location;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.StepFunctionsStub;
import dev.orderflow.operations.TestBrowser;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@OperationsConsoleFixture
class ApprovalsPageTest {

    private static final String DECISION = "/internal/approvals/" + PageFixture.ORDER + "/decision";

    private final int port;
    private final JdbcClient jdbc;
    private final StepFunctionsStub stepFunctions;

    @Autowired
    ApprovalsPageTest(
            @Qualifier("pagesConnector") AdditionalConnector connector,
            JdbcClient jdbc,
            StepFunctionsStub stepFunctions) {
        this.stepFunctions = stepFunctions;
        this.port = connector.port();
        this.jdbc = jdbc;
    }

    @BeforeEach
    void oneOrderWaits() {
        PageFixture.withoutWork();
        PageFixture.withApproval();
        jdbc.sql("DELETE FROM audit_trail").update();
        ServiceStubs.setResponse(DECISION, "{}");
        jdbc.sql("DELETE FROM waiting_action").update();
    }

    private TestBrowser signIn(String name, OperatorRole role) {
        return new TestBrowser(port).signIn(name, role);
    }

    @Test
    void anApproverDecidesWithAReason() {
        var anna = signIn("anna", OperatorRole.APPROVER);
        assertThat(anna.read("/approvals"))
                .contains(">1249.00 EUR<", ">Approve 1249.00 EUR<")
                .contains("<summary aria-label=\"Decide on order " + PageFixture.ORDER)
                .contains("aria-label=\"Approve 1249.00 EUR of order " + PageFixture.ORDER)
                .contains("aria-label=\"Reject order " + PageFixture.ORDER);
        var done =
                anna.post(
                        "/approvals/" + PageFixture.ORDER + "/decision",
                        Map.of("decision", "APPROVE", "note", "known customer"));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(303);
        assertThat(anna.read(location(done))).contains("The order is approved");
        var sent = ServiceStubs.requests(DECISION).getLast();
        assertThat(JsonMapper.shared().readTree(sent.body()))
                .isEqualTo(
                        JsonMapper.shared()
                                .readTree(
                                        "{\"decision\":\"APPROVE\",\"note\":\"known customer\"}"));
        assertThat(sent.header("Authorization")).startsWith("Bearer ");
        assertThat(
                        jdbc.sql(
                                        """
                                        SELECT count(*) FROM operator_action
                                         WHERE performed_by = 'anna'
                                           AND endpoint = 'POST /approvals/{orderId}/decision'
                                        """)
                                .query(Long.class)
                                .single())
                .isPositive();
    }

    @Test
    void theTimeThatIsLeftIsABarWithItsPercentage() {
        assertThat(signIn("anna", OperatorRole.APPROVER).read("/approvals"))
                .contains("not limited");
        stepFunctions.respondWith(
                "DescribeStateMachine",
                """
                {"name":"order-workflow","type":"STANDARD","definition":
                 "{\\"StartAt\\":\\"A\\",\\"States\\":{\\"A\\":{\\"Type\\":\\"Task\\",\\"TimeoutSeconds\\":172800,\\"Arguments\\":{\\"command\\":\\"ApproveOrder\\"},\\"End\\":true}}}"}
                """);
        try {
            assertThat(signIn("anna", OperatorRole.APPROVER).read("/approvals"))
                    .containsPattern("aria-label=\"\\d+ % of the time is left\"");
        } finally {
            stepFunctions.reset();
        }
    }

    @Test
    void withoutAReasonNothingIsDecided() {
        var before = ServiceStubs.requests(DECISION).size();
        var refused =
                signIn("anna", OperatorRole.APPROVER)
                        .post(
                                "/approvals/" + PageFixture.ORDER + "/decision",
                                Map.of("decision", "APPROVE", "note", "  "));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("must not be blank");
        assertThat(ServiceStubs.requests(DECISION)).hasSize(before);
    }

    @Test
    void anOperatorReadsThatTheRoleIsTooSmall() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        assertThat(oskar.read("/approvals"))
                .contains("needs the role approver")
                .doesNotContain("Approve 1249.00 EUR");
        var refused =
                oskar.post(
                        "/approvals/" + PageFixture.ORDER + "/decision",
                        Map.of("decision", "APPROVE", "note", "mine"));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("Your role does not permit this", "Nothing was done");
    }

    @Test
    void whoDecidesSecondReadsWhatTheFirstDecided() {
        ServiceStubs.setResponse(
                DECISION,
                409,
                """
                {"type":"https://orderflow.dev/problems/approval-already-decided",
                 "title":"Already decided","detail":"Another decision was recorded first; it stays."}
                """);
        var refused =
                signIn("anna", OperatorRole.APPROVER)
                        .post(
                                "/approvals/" + PageFixture.ORDER + "/decision",
                                Map.of("decision", "REJECT", "note", "no"));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body())
                .contains("Already decided", "Another decision was recorded first; it stays.");
    }

    @Test
    void aPersonCannotConfirmAnActionOfTheirOwnAndAnotherCanOnce() {
        var id = UUID.randomUUID();
        jdbc.sql(
                        """
                        INSERT INTO waiting_action
                               (id, action, target, description, request, requested_by,
                                requested_by_name, expires_at)
                        VALUES (:id, 'redrive', 'analytics-dlq', 'REDRIVE all of analytics-dlq: fixed',
                                :request, 'anna', 'Anna', now() + interval '1 hour')
                        """)
                .param("id", id)
                .param("request", "{}")
                .update();
        var anna = signIn("anna", OperatorRole.APPROVER);
        assertThat(anna.read("/approvals"))
                .contains("REDRIVE all of analytics-dlq: fixed", "yours: another person");
        var refused = anna.post("/confirmations/" + id, Map.of());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("A second person is required");
        assertThat(signIn("adam", OperatorRole.ADMINISTRATOR).read("/approvals"))
                .contains(">Confirm and execute<", "/confirmations/" + id)
                .contains("\"Confirm: REDRIVE all of analytics-dlq: fixed\"")
                .contains("\"Confirm and execute: REDRIVE all of analytics-dlq: fixed\"");
    }

    @Test
    void withoutWorkThePageSaysWhatWouldBeThere() {
        PageFixture.withoutWork();
        assertThat(signIn("vera", OperatorRole.VIEWER).read("/approvals"))
                .contains("No order waits.", "No action waits.");
    }
}
