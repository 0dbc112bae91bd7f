package dev.orderflow.operations.customers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.ConsoleApi;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@OperationsConsoleFixture
class CustomersTest {

    private static final String REQUEST = "{\"reason\":\"request 118\"}";

    private final String customer = "cust-" + UUID.randomUUID();
    private final String path = "/customers/" + customer;
    private final ConsoleApi api;
    private final JdbcClient jdbc;

    @Autowired
    CustomersTest(@LocalServerPort int port, JdbcClient jdbc) {
        this.api = new ConsoleApi(port);
        this.jdbc = jdbc;
        ServiceStubs.reset();
    }

    @Test
    void showingPersonalDataChangesNothing() {
        var summary = api.get(path + "/personal-data");
        assertThat(summary.path("finalOrders").intValue()).isEqualTo(2);
        assertThat(summary.path("openOrderIds").get(0).asString()).isEqualTo("o1");
        assertThat(auditTrail()).isEmpty();
    }

    @Test
    void anErasureIsInTheAuditTrailWithOperatorReasonAndResult() {
        var erasure = api.post(200, path + "/erasure", REQUEST);
        assertThat(erasure.path("erasedOrders").intValue()).isEqualTo(2);
        assertThat(auditTrail())
                .containsExactly(
                        "adam ERASE_CUSTOMER request 118: requested",
                        "adam ERASE_CUSTOMER request 118: erasedOrders=2 erasedFingerprints=1 markedOrders=1");
    }

    @Test
    void anErasureIsNotConfirmedWhileOrderServiceIsUnavailableAndCanBeRepeated() {
        ServiceStubs.setUnavailable("/internal/customers");
        var problem = api.post(503, path + "/erasure", REQUEST);
        assertThat(problem.path("type").asString()).endsWith("/problems/service-unavailable");
        assertThat(problem.path("detail").asString()).contains("Repeat the request");
        assertThat(auditTrail()).last().asString().endsWith("order-service did not respond");

        ServiceStubs.setUnavailable("");
        api.post(200, path + "/erasure", REQUEST);
    }

    @Test
    void anErasureWithoutOperatorOrReasonOrWithAnEmailAddressIsRejected() {
        for (var request :
                List.of(
                        "{}",
                        "{\"operator\":\"grace\"}",
                        "{\"operator\":\"grace\",\"reason\":\"request 118\"}",
                        "{\"reason\":\" \"}",
                        "{\"reason\":\"ada@example.org wants it\"}")) {
            assertThat(api.send("POST", path + "/erasure", request).statusCode())
                    .as(request)
                    .isEqualTo(400);
        }
        assertThat(api.send("POST", "/customers/a%20b/erasure", REQUEST).statusCode())
                .isEqualTo(400);
        assertThat(auditTrail()).isEmpty();
    }

    private List<String> auditTrail() {
        return jdbc.sql(
                        """
                        SELECT performed_by || ' ' || action || ' ' || reason || ': ' || detail AS entry
                          FROM audit_trail WHERE subject = :customer ORDER BY id
                        """)
                .param("customer", customer)
                .query((row, _) -> row.getString("entry"))
                .list();
    }
}
