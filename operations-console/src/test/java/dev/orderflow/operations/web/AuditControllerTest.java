package dev.orderflow.operations.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.auditor.AuditFixture;
import dev.orderflow.operations.auditor.Invariant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

@OperationsConsoleFixture
class AuditControllerTest {

    private final AuditFixture audit;

    @Autowired
    AuditControllerTest(@LocalServerPort int port, BeanFactory beans) {
        audit = new AuditFixture(port, beans);
    }

    @Test
    void violationsAreListedInPages() {
        for (int i = 0; i < 3; i++) {
            var order = AuditFixture.shipped();
            order.shipment = "";
            ServiceStubs.change(order);
        }
        audit.runRound();
        audit.endGracePeriod();
        audit.runRound();

        var first = audit.api.get("/violations?limit=2");
        assertThat(first.path("violations")).hasSize(2);
        var rest = audit.api.get("/violations?limit=2&cursor=" + first.path("next").stringValue());
        assertThat(rest.path("violations")).hasSize(1);
        assertThat(rest.has("next")).isFalse();
        assertThat(rest.path("violations").path(0).path("statement").asString())
                .isEqualTo(Invariant.SHIPPED_ORDER_BOOKED.statement());
    }

    @Test
    void theAuditOfAnUnknownOrderIsAnswered404() {
        var response =
                audit.api.send(
                        "POST", "/audit", "{\"orderId\":\"%s\"}".formatted(UUID.randomUUID()));
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).contains("/problems/order-not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?limit=0", "?limit=201", "?state=wrong", "?cursor=x"})
    void anInvalidQueryIsRejected(String query) {
        assertThat(audit.api.send("GET", "/violations" + query, "").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"orderId\":\"x\"}", "{\"all\":true}"})
    void anInvalidRequestIsRejected(String body) {
        assertThat(audit.api.send("POST", "/audit", body).statusCode()).isEqualTo(400);
    }
}
