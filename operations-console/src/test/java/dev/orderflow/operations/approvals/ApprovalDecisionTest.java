package dev.orderflow.operations.approvals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.ConsoleApi;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.json.JsonMapper;

@OperationsConsoleFixture
class ApprovalDecisionTest {

    private static final String APPROVE = "{\"decision\":\"APPROVE\",\"note\":\"known customer\"}";

    private final ConsoleApi api;
    private String order = "";

    @Autowired
    ApprovalDecisionTest(@LocalServerPort int port) {
        this.api = new ConsoleApi(port);
    }

    @BeforeEach
    void oneOrderWaits() {
        ServiceStubs.reset();
        order = ServiceStubs.putOrder("PENDING").id.toString();
        ServiceStubs.setResponse(
                atOrderService(),
                "{\"orderId\":\"%s\",\"total\":%s,\"decidedByName\":\"Adam\"}"
                        .formatted(order, ServiceStubs.TOTAL));
    }

    @Test
    void aDecisionIsExecutedAndRecordedByOrderServiceAlone() {
        var approval = api.post(200, path(), APPROVE);
        assertThat(approval.path("decidedByName").asString()).isEqualTo("Adam");
        var sent = ServiceStubs.requests(atOrderService()).getLast();
        assertThat(JsonMapper.shared().readTree(sent.body()))
                .isEqualTo(JsonMapper.shared().readTree(APPROVE));
        assertThat(sent.header("Authorization")).startsWith("Bearer ");
        assertThat(sent.header("X-Api-Key")).isNull();
        assertThat(api.get("/audit-trail?subject=" + order).path("entries")).isEmpty();
    }

    @Test
    void aNoteIsOptional() {
        api.post(200, path(), "{\"decision\":\"REJECT\"}");
        assertThat(
                        JsonMapper.shared()
                                .readTree(ServiceStubs.requests(atOrderService()).getLast().body()))
                .isEqualTo(JsonMapper.shared().readTree("{\"decision\":\"REJECT\"}"));
    }

    @Test
    void aRefusalIsPassedOn() {
        refuse(
                409,
                "approval-already-decided",
                "\"decision\":\"REJECT\",\"decidedBy\":\"anna\",\"decidedAt\":\"2026-11-02T09:15:30Z\"");
        var refused = api.post(409, path(), APPROVE);
        assertThat(refused.path("type").asString()).endsWith("/approval-already-decided");
        assertThat(refused.path("detail").asString()).isEqualTo("Because.");
        assertThat(refused.path("decision").asString()).isEqualTo("REJECT");
        assertThat(refused.path("decidedBy").asString()).isEqualTo("anna");
        assertThat(refused.path("decidedAt").asString()).isEqualTo("2026-11-02T09:15:30Z");

        refuse(409, "approval-not-pending", "\"state\":\"CANCELLED\"");
        refused = api.post(409, path(), APPROVE);
        assertThat(refused.path("type").asString()).endsWith("/approval-not-pending");
        assertThat(refused.path("state").asString()).isEqualTo("CANCELLED");

        refuse(404, "approval-not-found", "\"orderId\":\"%s\"".formatted(order));
        assertThat(api.post(404, path(), APPROVE).path("type").asString())
                .endsWith("/approval-not-found");
    }

    @Test
    void withoutAnAnswerTheRequestCanBeRepeated() {
        ServiceStubs.setUnavailable(atOrderService());
        assertThat(api.post(503, path(), APPROVE).path("detail").asString())
                .contains("Repeat the request");
        ServiceStubs.setUnavailable("");
        api.post(200, path(), APPROVE);
    }

    @Test
    void anInvalidDecisionIsNotSent() {
        for (var request :
                List.of(
                        "{}",
                        "{\"decision\":null}",
                        "{\"decision\":0}",
                        "{\"decision\":\"approve\"}",
                        "{\"decision\":\"CANCEL\"}",
                        "{\"decision\":\"APPROVE\",\"note\":\" \"}",
                        "{\"decision\":\"APPROVE\",\"note\":\"a\\nb\"}",
                        "{\"decision\":\"APPROVE\",\"note\":\"%s\"}".formatted("x".repeat(501)),
                        "{\"decision\":\"APPROVE\",\"decidedBy\":\"grace\"}")) {
            assertThat(api.send("POST", path(), request).statusCode()).as(request).isEqualTo(400);
        }
        assertThat(ServiceStubs.requests(atOrderService())).isEmpty();
    }

    private void refuse(int status, String type, String members) {
        ServiceStubs.setResponse(
                atOrderService(),
                status,
                "{\"type\":\"https://orderflow.dev/problems/%s\",\"title\":\"No\",\"detail\":\"Because.\",%s}"
                        .formatted(type, members));
    }

    private String path() {
        return "/approvals/" + order + "/decision";
    }

    private String atOrderService() {
        return "/internal/approvals/" + order + "/decision";
    }
}
