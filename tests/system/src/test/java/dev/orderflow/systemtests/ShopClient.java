package dev.orderflow.systemtests;

import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.fixture.Repetition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A customer who places orders, and an observer of all APIs.
final class ShopClient {

    static final String VISA = "pm_card_visa";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final RunningSystem system;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String customer = "cust-" + UUID.randomUUID();

    /// Creates a customer of the shared system.
    ShopClient() {
        this(RunningSystem.shared());
    }

    ShopClient(RunningSystem system) {
        this.system = system;
    }

    /// Creates an article for this test alone, so that no other test changes its stock.
    String stocked(String price, int quantity) {
        var sku = "SKU-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
        var article = JSON.createObjectNode().put("name", "Article of a test");
        article.putObject("unitPrice").put("amount", price).put("currency", "EUR");
        internal("PUT", system.ordersInside(), "/internal/catalogue/" + sku, article);
        internal(
                "POST",
                system.inventory(),
                "/internal/stock/" + sku + "/receipts",
                JSON.createObjectNode().put("quantity", quantity).put("reference", "test"));
        return sku;
    }

    /// Places an order and returns its id.
    String order(String sku, int quantity, String paymentMethodId) {
        var answer = place(UUID.randomUUID().toString(), body(sku, quantity, paymentMethodId));
        if (answer.statusCode() != 201) {
            throw new IllegalStateException("not accepted: " + answer.body());
        }
        return JSON.readTree(answer.body()).path("orderId").stringValue();
    }

    HttpResponse<String> place(String idempotencyKey, JsonNode body) {
        return send(
                "POST",
                system.orders(),
                "/orders",
                Map.of("Authorization", authorization(), "Idempotency-Key", idempotencyKey),
                body.toString());
    }

    /// Places an order in a given trace.
    HttpResponse<String> placeTraced(String traceparent, JsonNode body) {
        return send(
                "POST",
                system.orders(),
                "/orders",
                Map.of(
                        "Authorization",
                        authorization(),
                        "Idempotency-Key",
                        UUID.randomUUID().toString(),
                        "traceparent",
                        traceparent),
                body.toString());
    }

    ObjectNode body(String sku, int quantity, String paymentMethodId) {
        var body = JSON.createObjectNode();
        body.putArray("lines").addObject().put("sku", sku).put("quantity", quantity);
        body.put("paymentMethodId", paymentMethodId).put("email", email());
        body.putObject("shippingAddress")
                .put("recipient", "Ada Lovelace")
                .put("street", "12 St James Square")
                .put("postalCode", "SW1Y 4JH")
                .put("city", "London")
                .put("country", "GB");
        return body;
    }

    String email() {
        return customer + "@example.org";
    }

    String customer() {
        return customer;
    }

    /// The headers of this customer's requests.
    String authorization() {
        return "Bearer " + system.token(customer);
    }

    JsonNode order(String id) {
        return JSON.readTree(
                send(
                                "GET",
                                system.orders(),
                                "/orders/" + id,
                                Map.of("Authorization", authorization()),
                                "")
                        .body());
    }

    /// Requests a cancellation.
    HttpResponse<String> cancel(String id) {
        return send(
                "POST",
                system.orders(),
                "/orders/" + id + "/cancellation",
                Map.of("Authorization", authorization()),
                "");
    }

    /// Waits until an order has a state, and returns it.
    JsonNode awaitState(String id, String state) {
        await("order " + id + " to be " + state)
                .atMost(RunningSystem.TIMEOUT)
                .until(() -> order(id), order -> order.path("state").asString("").equals(state));
        return order(id);
    }

    /// The ledger of the gateway for an order.
    JsonNode gatewayLedger(String orderId) {
        return JSON.readTree(
                send("GET", system.gateway(), "/sandbox/ledger/" + orderId, Map.of(), "").body());
    }

    /// The id of an order's payment intent at the gateway.
    String intent(String orderId) {
        return gatewayLedger(orderId).path("intents").path(0).path("id").stringValue();
    }

    /// Refunds an order at the gateway, without payment-service.
    void refundInTheDashboard(String orderId, int cents) {
        var answer =
                send(
                        "POST",
                        system.gateway(),
                        "/v1/refunds",
                        Map.of("Authorization", "Bearer sk_test_somebody"),
                        "payment_intent=" + intent(orderId) + "&amount=" + cents);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("the gateway answered " + answer.body());
        }
    }

    /// Expires the authorisation of an order, as a card network does after some days.
    void endHold(String orderId) {
        var answer =
                send(
                        "PUT",
                        system.gateway(),
                        "/sandbox/authorizations/" + orderId,
                        Map.of(),
                        "{\"seconds\":0}");
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("the gateway answered " + answer.body());
        }
    }

    JsonNode stock(String sku) {
        return internal("GET", system.inventory(), "/internal/stock/" + sku, null);
    }

    JsonNode reservation(String orderId) {
        return internal("GET", system.inventory(), "/internal/reservations/" + orderId, null);
    }

    JsonNode payment(String orderId) {
        return internal("GET", system.payments(), "/internal/payments/" + orderId, null);
    }

    JsonNode analytics() {
        return internal("GET", system.analytics(), "/internal/summary", null);
    }

    /// The number of orders in analytics, in any state.
    long ordersCounted() {
        long count = 0;
        for (var orders : analytics().path("orders")) {
            count += orders.longValue();
        }
        return count;
    }

    /// The number of parcels of an order at the carrier.
    long bookings(String orderId) {
        var all =
                JSON.readTree(
                        send("GET", system.carrier(), "/sandbox/bookings", Map.of(), "").body());
        long count = 0;
        for (var booking : all.isArray() ? all : all.path("bookings")) {
            if (booking.path("orderId").asString("").equals(orderId)) {
                count++;
            }
        }
        return count;
    }

    /// Makes the carrier available or unavailable.
    void setCarrierAvailable(boolean available) {
        var body = JSON.createObjectNode().put("available", available).toString();
        var answer = send("PUT", system.carrier(), "/sandbox/availability", Map.of(), body);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("the carrier answered " + answer.statusCode());
        }
    }

    /// A gauge of shipping-service.
    double shippingGauge(String name) {
        return internal("GET", system.shippingManagement(), "/actuator/metrics/" + name, null)
                .path("measurements")
                .path(0)
                .path("value")
                .doubleValue();
    }

    /// The subjects of this customer's e-mails, in sequence.
    List<String> mails() {
        var page =
                JSON.readTree(
                        send("GET", system.cloud(), "/_aws/ses?email=" + email(), Map.of(), "")
                                .body());
        var subjects = new ArrayList<String>();
        for (var mail : page.path("messages")) {
            subjects.add(mail.path("Subject").asString());
        }
        return subjects;
    }

    /// Calls an internal endpoint with the credentials that it requires.
    JsonNode internal(String method, URI base, String path, @Nullable JsonNode body) {
        var answer =
                send(
                        method,
                        base,
                        path,
                        internalHeaders(method, path, UUID.randomUUID().toString()),
                        body == null ? "" : body.toString());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(
                    method
                            + " "
                            + path
                            + " answered "
                            + answer.statusCode()
                            + ": "
                            + answer.body());
        }
        return JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
    }

    /// Requests a redrive, and confirms it as a second person if it waits for that.
    ///
    /// @return the started redrive
    JsonNode redrive(URI console, String path, JsonNode request) {
        var started = internal("POST", console, path, request);
        if (started.has("redriveId")) {
            return started;
        }
        var answer =
                send(
                        "POST",
                        console,
                        "/internal/confirmations/%s/confirmation"
                                .formatted(started.path("id").asString()),
                        Map.of("Authorization", "Bearer " + system.operatorToken("anna")),
                        "");
        if (answer.statusCode() != 202) {
            throw new IllegalStateException(answer.body());
        }
        return JSON.readTree(answer.body());
    }

    /// The credentials that an internal endpoint requires: the token of an operator who may do
    /// everything where only people are admitted, otherwise the key.
    Map<String, String> internalHeaders(String method, String path, String idempotencyKey) {
        return system.admitsMachines(method, path)
                ? Map.of("X-Api-Key", system.internalApiKey(), "Idempotency-Key", idempotencyKey)
                : Map.of(
                        "Authorization",
                        "Bearer " + system.operatorToken("adam"),
                        "Idempotency-Key",
                        idempotencyKey);
    }

    /// Sends a request, and repeats it while a service does not respond in time.
    HttpResponse<String> send(
            String method, URI base, String path, Map<String, String> headers, String body) {
        return Repetition.untilAvailable(() -> sendOnce(method, base, path, headers, body));
    }

    /// Sends a request whose response may be 503.
    HttpResponse<String> sendOnce(
            String method, URI base, String path, Map<String, String> headers, String body) {
        var request =
                HttpRequest.newBuilder(base.resolve(path))
                        .timeout(TIMEOUT)
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /// Compares amounts of money regardless of trailing zeros.
    static boolean sameAmount(JsonNode amount, String expected) {
        return new BigDecimal(amount.asString()).compareTo(new BigDecimal(expected)) == 0;
    }
}
