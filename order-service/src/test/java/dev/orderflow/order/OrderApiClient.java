package dev.orderflow.order;

import dev.orderflow.defaults.fixture.TestOperators;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An HTTP client of the order service for tests.
public final class OrderApiClient {

    public static final String INTERNAL_KEY = "test-internal-api-key";

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.shared();

    private final int port;
    private final String customer;
    private final String token;

    public OrderApiClient(int port) {
        this(port, "cust-" + UUID.randomUUID());
    }

    public OrderApiClient(int port, String customer) {
        this(port, customer, "orders:read orders:write");
    }

    /// @param scopes the scopes of the token, separated by blanks
    public OrderApiClient(int port, String customer, String scopes) {
        this.port = port;
        this.customer = customer;
        this.token = TokenIssuerStub.token(customer, scopes);
    }

    public String customer() {
        return customer;
    }

    /// The Authorization header of this customer's requests.
    public String authorization() {
        return "Bearer " + token;
    }

    /// Puts a new article into the catalogue and returns its SKU.
    public String createArticle(String price, String currency) {
        var sku = "SKU-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
        var answer = putArticle(sku, price, currency);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.body());
        }
        return sku;
    }

    public HttpResponse<String> putArticle(String sku, String price, String currency) {
        return sendInternal(
                "PUT",
                "/internal/catalogue/" + sku,
                """
                {"name":"A mug","unitPrice":{"amount":"%s","currency":"%s"}}"""
                        .formatted(price, currency));
    }

    public static String orderBody(String sku, int quantity) {
        return orderBody(
                """
                {"sku":"%s","quantity":%d}"""
                        .formatted(sku, quantity));
    }

    public static String orderBody(String lines) {
        return """
               {"lines":[%s],"paymentMethodId":"pm_card_visa","email":"ada@example.org",\
               "shippingAddress":{"recipient":"Ada Lovelace","street":"12 St James Square",\
               "postalCode":"SW1Y 4JH","city":"London","country":"GB"}}"""
                .formatted(lines);
    }

    /// Places an order that must be accepted and returns its id.
    public String placeAccepted(String sku) {
        var answer = place(UUID.randomUUID().toString(), orderBody(sku, 1));
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(answer.body());
        }
        return json(answer).path("orderId").stringValue();
    }

    public HttpResponse<String> place(String key, String body) {
        return place(key, BodyPublishers.ofString(body));
    }

    public HttpResponse<String> place(String key, BodyPublisher body) {
        return send(
                request("/orders")
                        .header("Authorization", authorization())
                        .header("Idempotency-Key", key)
                        .header("Content-Type", "application/json")
                        .POST(body));
    }

    public HttpResponse<String> placeTraced(String key, String body, String traceparent) {
        return send(
                request("/orders")
                        .header("Authorization", authorization())
                        .header("Idempotency-Key", key)
                        .header("Content-Type", "application/json")
                        .header("traceparent", traceparent)
                        .POST(BodyPublishers.ofString(body)));
    }

    public HttpResponse<String> get(String path) {
        return send(request(path).header("Authorization", authorization()).GET());
    }

    public HttpResponse<String> cancel(String orderId) {
        return send(
                request("/orders/" + orderId + "/cancellation")
                        .header("Authorization", authorization())
                        .POST(BodyPublishers.noBody()));
    }

    public HttpResponse<String> requestDispatchPermit(String orderId) {
        return sendInternal("POST", "/internal/orders/" + orderId + "/dispatch-permit", "{}");
    }

    /// Sends a request with the credentials that the endpoint requires.
    public HttpResponse<String> sendInternal(String method, String path, String body) {
        var credentials = TestOperators.credentials(method, path);
        return sendInternal(method, path, body, credentials.getKey(), credentials.getValue());
    }

    /// Sends a request of an operator, who may do everything.
    public HttpResponse<String> sendAs(String operator, String method, String path, String body) {
        return sendInternal(
                method, path, body, "Authorization", TestOperators.administrator(operator));
    }

    private HttpResponse<String> sendInternal(
            String method, String path, String body, String header, String credentials) {
        return send(
                request(path)
                        .header(header, credentials)
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body)));
    }

    /// Builds a request at the port that serves the path.
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create(
                                "http://localhost:" + OrderServicePorts.portOf(path, port) + path))
                .timeout(Duration.ofMinutes(1));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    /// The last part of a problem's type.
    public static String problemType(HttpResponse<String> answer) {
        var type = answer.headers().firstValue("Content-Type").orElse("");
        if (!type.startsWith("application/problem+json")) {
            throw new AssertionError("not a problem but " + type + ": " + answer.body());
        }
        return json(answer)
                .path("type")
                .stringValue()
                .replace("https://orderflow.dev/problems/", "");
    }
}
