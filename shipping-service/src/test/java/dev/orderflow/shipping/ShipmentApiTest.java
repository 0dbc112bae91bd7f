package dev.orderflow.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.ApiFuzzer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// The internal API.
class ShipmentApiTest extends ShippingServiceFixture {

    @Test
    void noOperationRevealsJavaInItsProblems(
            @Autowired @Qualifier("requestMappingHandlerMapping")
                    RequestMappingHandlerMapping mapping) {
        var operations = ApiFuzzer.ofInternalApi(mapping, port);
        assertThat(operations.findViolations()).isEmpty();
        assertThat(operations.requestCount()).isGreaterThan(50);
    }

    @Test
    void theApiReturnsAShipmentWithoutSecrets() throws Exception {
        request(order, token);
        eventually().until(() -> state(order).equals("BOOKED/ANSWERED"));
        var answer = get("/internal/shipments/" + order, "test-internal-api-key");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains(
                        "\"state\":\"BOOKED\"",
                        "\"callbackState\":\"ANSWERED\"",
                        "\"trackingNumber\":\"TRACK-" + order)
                .doesNotContain("token");
        assertThat(get("/internal/shipments/" + order, "wrong").statusCode()).isEqualTo(403);
        assertThat(get("/internal/shipments/" + UUID.randomUUID(), "test-internal-api-key").body())
                .contains("problems/shipment-not-found");
        assertThat(get("/internal/shipments/x", "test-internal-api-key").statusCode())
                .isEqualTo(400);
    }

    @Test
    void theApiReturnsTheShipmentsOfManyOrders() throws Exception {
        request(order, token);
        eventually().until(() -> state(order).equals("BOOKED/ANSWERED"));
        var answer = stateBatch("\"%s\",\"%s\"".formatted(order, UUID.randomUUID()));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .startsWith("{\"shipments\":[{\"shipmentId\"")
                .containsOnlyOnce("\"state\":")
                .contains("\"state\":\"BOOKED\"")
                .doesNotContain("token");
        assertThat(stateBatch("").statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> stateBatch(String orders) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://localhost:"
                                                    + port
                                                    + "/internal/shipments/state-batch"))
                            .header("X-Api-Key", "test-internal-api-key")
                            .header("Content-Type", "application/json")
                            .POST(
                                    HttpRequest.BodyPublishers.ofString(
                                            "{\"orderIds\":[" + orders + "]}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private HttpResponse<String> get(String path, String key) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                            .header("X-Api-Key", key)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
