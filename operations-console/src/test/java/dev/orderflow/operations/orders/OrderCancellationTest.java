package dev.orderflow.operations.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.ConsoleApi;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@OperationsConsoleFixture
class OrderCancellationTest {

    private static final String REQUEST = "{\"reason\":\"the customer called\"}";

    private final ConsoleApi api;
    private final JdbcClient jdbc;
    private String order = "";

    @Autowired
    OrderCancellationTest(@LocalServerPort int port, JdbcClient jdbc) {
        this.api = new ConsoleApi(port);
        this.jdbc = jdbc;
    }

    @BeforeEach
    void oneOrder() {
        ServiceStubs.reset();
        order = ServiceStubs.putOrder("PENDING").id.toString();
        ServiceStubs.setResponse(
                atOrderService(),
                202,
                "{\"orderId\":\"%s\",\"state\":\"CANCEL_REQUESTED\",\"repeated\":false}"
                        .formatted(order));
    }

    @Test
    void aCancellationIsInTheAuditTrailAndInTheCaseFileWithPersonAndReason() {
        var accepted = api.post(202, path(), REQUEST);
        assertThat(accepted.path("state").asString()).isEqualTo("CANCEL_REQUESTED");
        assertThat(accepted.path("repeated").asBoolean(true)).isFalse();
        assertThat(ServiceStubs.requests(atOrderService()).getLast().body()).isEqualTo(REQUEST);
        assertThat(auditTrail())
                .containsExactly("adam CANCEL_ORDER the customer called: requested");
        assertThat(caseFile())
                .contains(
                        "Adam: asked order-service to cancel the order on behalf of the customer, because: the"
                                + " customer called.");
    }

    @Test
    void theServiceThatDecidesVerifiesTheSamePerson() {
        api.post(202, path(), REQUEST);
        var sent = ServiceStubs.requests(atOrderService()).getLast();
        assertThat(sent.header("Authorization")).startsWith("Bearer ");
        assertThat(sent.header("X-Api-Key")).isNull();
    }

    @Test
    void aRefusalIsPassedOnAndInTheAuditTrail() {
        ServiceStubs.setResponse(
                atOrderService(),
                409,
                """
                {"type":"https://orderflow.dev/problems/too-late-to-cancel","title":"Too late to cancel",
                 "detail":"The order is DISPATCHING.","state":"DISPATCHING"}
                """);
        var refused = api.post(409, path(), REQUEST);
        assertThat(refused.path("type").asString()).endsWith("/too-late-to-cancel");
        assertThat(refused.path("detail").asString()).isEqualTo("The order is DISPATCHING.");
        assertThat(auditTrail())
                .containsExactly(
                        "adam CANCEL_ORDER the customer called: requested",
                        "adam CANCEL_ORDER_NOT_ACCEPTED the customer called: order-service responded with HTTP"
                                + " 409, too-late-to-cancel");
    }

    @Test
    void anUnknownOrderIsNotFound() {
        ServiceStubs.setResponse(
                atOrderService(),
                404,
                "{\"type\":\"https://orderflow.dev/problems/order-not-found\"}");
        assertThat(api.post(404, path(), REQUEST).path("type").asString())
                .endsWith("/order-not-found");
    }

    @Test
    void withoutAnAnswerTheRequestCanBeRepeated() {
        ServiceStubs.setUnavailable(atOrderService());
        var problem = api.post(503, path(), REQUEST);
        assertThat(problem.path("detail").asString()).contains("Repeat the request");
        assertThat(auditTrail())
                .last()
                .asString()
                .contains("order-service responded with HTTP 503");
        ServiceStubs.setUnavailable("");
        api.post(202, path(), REQUEST);
    }

    @Test
    void aReasonIsRequiredAndNoPersonIsNamed() {
        for (var request :
                List.of(
                        "{}",
                        "{\"reason\":null}",
                        "{\"reason\":\" \"}",
                        "{\"reason\":\"a\\nb\"}",
                        "{\"reason\":\"ada@example.org\"}",
                        "{\"reason\":\"%s\"}".formatted("x".repeat(501)),
                        "{\"reason\":\"called\",\"operator\":\"grace\"}")) {
            assertThat(api.send("POST", path(), request).statusCode()).as(request).isEqualTo(400);
        }
        assertThat(api.send("POST", "/orders/1-1-1-1-1/cancellation", REQUEST).statusCode())
                .isEqualTo(400);
        assertThat(auditTrail()).isEmpty();
        assertThat(ServiceStubs.requests(atOrderService())).isEmpty();
    }

    private String path() {
        return "/orders/" + order + "/cancellation";
    }

    private String atOrderService() {
        return "/internal/orders/" + order + "/cancellation";
    }

    private List<String> caseFile() {
        return api.get("/orders/" + order)
                .path("timeline")
                .valueStream()
                .map(entry -> entry.path("summary").asString(""))
                .toList();
    }

    private List<String> auditTrail() {
        return jdbc.sql(
                        """
                        SELECT performed_by || ' ' || action || ' ' || reason || ': ' || detail AS entry
                          FROM audit_trail WHERE subject = :order ORDER BY id
                        """)
                .param("order", order)
                .query((row, _) -> row.getString("entry"))
                .list();
    }
}
