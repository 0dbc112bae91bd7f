package dev.orderflow.operations.customers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.OrderServiceStub;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@OperationsConsoleFixture
class CustomersTest {

    private static final String WISH = "{\"operator\":\"grace\",\"reason\":\"request 118\"}";

    private final HttpClient http = HttpClient.newHttpClient();
    private final String customer = "cust-" + UUID.randomUUID();
    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;

    @AfterEach
    void orderServiceIsBack() {
        OrderServiceStub.away(false);
    }

    @Test
    void lookingChangesNothing() throws Exception {
        var answer = send("GET", "/" + customer + "/personal-data", "");
        assertThat(answer.statusCode()).isEqualTo(200);
        var holding = JsonMapper.shared().readTree(answer.body());
        assertThat(holding.path("finalOrders").intValue()).isEqualTo(2);
        assertThat(holding.path("openOrderIds").get(0).asString()).isEqualTo("o1");
        assertThat(trail()).isEmpty();
    }

    @Test
    void whoErasesWhyAndWhatCameOfItIsOnRecord() throws Exception {
        var answer = send("POST", "/" + customer + "/erasure", WISH);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JsonMapper.shared().readTree(answer.body()).path("erasedOrders").intValue())
                .isEqualTo(2);
        assertThat(trail())
                .containsExactly(
                        "grace ERASE_CUSTOMER request 118: asked",
                        "grace ERASE_CUSTOMER request 118: erasedOrders=2 erasedFingerprints=1 markedOrders=1");
    }

    @Test
    void whileOrderServiceIsAwayItIsSaidThatNothingIsKnownToBeErased() throws Exception {
        OrderServiceStub.away(true);
        var answer = send("POST", "/" + customer + "/erasure", WISH);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("problems/service-unavailable", "Run it again.");
        assertThat(trail()).last().asString().endsWith("no answer of order-service");
        OrderServiceStub.away(false);
        assertThat(send("POST", "/" + customer + "/erasure", WISH).statusCode()).isEqualTo(200);
    }

    @Test
    void aWishWithoutANameOrAReasonOrWithAnAddressInItIsRefused() throws Exception {
        for (var wish :
                List.of(
                        "{}",
                        "{\"operator\":\"grace\"}",
                        "{\"operator\":\"grace\",\"reason\":\" \"}",
                        "{\"operator\":\"grace\",\"reason\":\"ada@example.org wants it\"}")) {
            assertThat(send("POST", "/" + customer + "/erasure", wish).statusCode())
                    .as(wish)
                    .isEqualTo(400);
        }
        assertThat(send("POST", "/a%20b/erasure", WISH).statusCode()).isEqualTo(400);
        assertThat(trail()).isEmpty();
    }

    private List<String> trail() {
        return jdbc.sql(
                        """
                        SELECT performed_by || ' ' || action || ' ' || reason || ': ' || detail AS entry
                          FROM audit_trail WHERE subject = :customer ORDER BY id
                        """)
                .param("customer", customer)
                .query((row, _) -> row.getString("entry"))
                .list();
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://localhost:%d/internal/operations/customers%s"
                                                .formatted(port, path)))
                        .header("X-Api-Key", "test-internal-api-key")
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
