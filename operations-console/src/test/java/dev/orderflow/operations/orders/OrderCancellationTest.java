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

@OperationsConsoleFixture
class OrderCancellationTest {

    private static final String REQUEST = "{\"reason\":\"the customer called\"}";

    private final ConsoleApi api;
    private String order = "";

    @Autowired
    OrderCancellationTest(@LocalServerPort int port) {
        this.api = new ConsoleApi(port);
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
    void aCancellationIsExecutedAndRecordedByOrderServiceAlone() {
        var accepted = api.post(202, path(), REQUEST);
        assertThat(accepted.path("state").asString()).isEqualTo("CANCEL_REQUESTED");
        assertThat(accepted.path("repeated").asBoolean(true)).isFalse();
        assertThat(ServiceStubs.requests(atOrderService()).getLast().body()).isEqualTo(REQUEST);
        assertThat(auditTrail()).isEmpty();
    }

    @Test
    void theServiceThatDecidesVerifiesTheSamePerson() {
        api.post(202, path(), REQUEST);
        var sent = ServiceStubs.requests(atOrderService()).getLast();
        assertThat(sent.header("Authorization")).startsWith("Bearer ");
        assertThat(sent.header("X-Api-Key")).isNull();
    }

    @Test
    void aRefusalIsPassedOn() {
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
        assertThat(ServiceStubs.requests(atOrderService())).isEmpty();
    }

    private String path() {
        return "/orders/" + order + "/cancellation";
    }

    private String atOrderService() {
        return "/internal/orders/" + order + "/cancellation";
    }

    private List<String> auditTrail() {
        return api.get("/audit-trail?subject=" + order)
                .path("entries")
                .valueStream()
                .map(Object::toString)
                .toList();
    }
}
