package dev.orderflow.asdeployed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.localrun.InternalEndpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A customer and an operator of a deployed system.
final class Api {

    static final String VISA = "pm_card_visa";

    /// Long, because an order passes several queues and the machine may be busy.
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    /// One for each connection that the client may keep to a task that stopped.
    private static final int ATTEMPTS = 10;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final DeployedSystem system;
    private final String customer = "customer-" + UUID.randomUUID();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Api(DeployedSystem system) {
        this.system = system;
    }

    String customer() {
        return customer;
    }

    /// A new article with a price in euros and stock.
    String article(String price, int stock) {
        var sku =
                "SKU-"
                        + UUID.randomUUID()
                                .toString()
                                .substring(0, 8)
                                .toUpperCase(java.util.Locale.ROOT);
        internal(
                "PUT",
                "order-service",
                "/internal/catalogue/" + sku,
                """
                {"name":"An article","unitPrice":{"amount":"%s","currency":"EUR"}}"""
                        .formatted(price));
        internal(
                "POST",
                "inventory-service",
                "/internal/stock/" + sku + "/receipts",
                """
                {"quantity":%d,"reference":"opening stock"}"""
                        .formatted(stock));
        return sku;
    }

    /// Places an order.
    ///
    /// @return its id
    String order(String sku, int quantity, String paymentMethod) {
        return order(List.of(sku), quantity, paymentMethod);
    }

    /// Places an order with a line for each article.
    String order(List<String> skus, int quantity, String paymentMethod) {
        return order(skus, quantity, paymentMethod, "GB");
    }

    /// Places an order with a country of delivery.
    String order(List<String> skus, int quantity, String paymentMethod, String country) {
        var lines =
                skus.stream()
                        .map("{\"sku\":\"%%s\",\"quantity\":%d}".formatted(quantity)::formatted)
                        .collect(Collectors.joining(","));
        var body =
                """
                {"lines":[%s],"paymentMethodId":"%s","email":"%s@example.org",
                 "shippingAddress":{"recipient":"Ada Lovelace","street":"12 St James Square",
                 "postalCode":"SW1Y 4JH","city":"London","country":"%s"}}"""
                        .formatted(lines, paymentMethod, customer, country);
        return asCustomer("POST", "/orders", body).path("orderId").asString();
    }

    JsonNode asCustomer(String method, String path, String body) {
        var headers = new HashMap<String, String>();
        headers.put(
                "Authorization", "Bearer " + system.token(customer, "orders:write", "orders:read"));
        if (!method.equals("GET")) {
            headers.put("Idempotency-Key", UUID.randomUUID().toString());
        }
        return send(method, system.orders(), path, headers, body);
    }

    JsonNode internal(String method, String service, String path, String body) {
        var headers =
                new HashMap<>(
                        InternalEndpoints.admitsMachines(method, path)
                                ? Map.of("X-Api-Key", system.internalApiKey())
                                : Map.of(
                                        "Authorization",
                                        "Bearer "
                                                + system.operatorToken(
                                                        service, "an-operator", "administrator")));
        if (!method.equals("GET")) {
            headers.put("Idempotency-Key", UUID.randomUUID().toString());
        }
        return send(method, system.internal(service), path, headers, body);
    }

    JsonNode internal(String service, String path) {
        return internal("GET", service, path, "");
    }

    /// Sends a request. A connection may lead to a task that stops, so a request without a response
    /// is repeated: it has an idempotency key, or no effect the second time.
    JsonNode send(String method, URI where, String path, Map<String, String> headers, String body) {
        var request =
                HttpRequest.newBuilder(where.resolve(path))
                        .timeout(Duration.ofSeconds(60))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            var answer = sendRepeatedly(request.build());
            assertThat(answer.statusCode())
                    .as("%s %s: %s", method, path, answer.body())
                    .isBetween(200, 299);
            return answer.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(answer.body());
        } catch (IOException failed) {
            throw new UncheckedIOException(method + " " + path, failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private HttpResponse<String> sendRepeatedly(HttpRequest request)
            throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return http.send(request, HttpResponse.BodyHandlers.ofString());
            } catch (IOException failed) {
                if (attempt == ATTEMPTS) {
                    throw failed;
                }
            }
        }
    }

    /// The status of a response; no status is an error.
    int status(String method, URI where, String path, Map<String, String> headers) {
        var request =
                HttpRequest.newBuilder(where.resolve(path))
                        .timeout(Duration.ofSeconds(60))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        headers.forEach(request::header);
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException failed) {
            throw new UncheckedIOException(method + " " + path, failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /// Confirms, as a second person, what waits for that.
    private JsonNode confirm(JsonNode requested) {
        if (requested.has("redriveId")) {
            return requested;
        }
        return send(
                "POST",
                system.internal("operations-console"),
                "/internal/confirmations/" + requested.path("id").asString() + "/confirmation",
                Map.of(
                        "Authorization",
                        "Bearer "
                                + system.operatorToken(
                                        "operations-console", "an-approver", "approver")),
                "");
    }

    /// Waits until a redrive or discard that was started has ended.
    void finish(JsonNode requested) {
        var id = confirm(requested).path("redriveId").asString();
        awaitTrue(
                "the redrive " + id + " ends",
                () ->
                        !internal("operations-console", "/internal/operations/redrives/" + id)
                                .path("state")
                                .asString()
                                .equals("RUNNING"));
    }

    String stateOf(String order) {
        return asCustomer("GET", "/orders/" + order, "").path("state").asString();
    }

    /// Waits until an order is in a state; the error message contains the denied calls.
    void awaitState(String order, String state) {
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(
                        () ->
                                assertThat(stateOf(order))
                                        .as("denied: %s", system.accessControl().denials())
                                        .isEqualTo(state));
    }

    void awaitTrue(String what, java.util.function.BooleanSupplier condition) {
        await().alias(what)
                .atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(
                        () ->
                                assertThat(condition.getAsBoolean())
                                        .as(
                                                "%s; denied: %s",
                                                what, system.accessControl().denials())
                                        .isTrue());
    }
}
