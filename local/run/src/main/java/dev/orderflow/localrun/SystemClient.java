package dev.orderflow.localrun;

import dev.orderflow.commandline.operations.DevelopmentTokenClient;
import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.security.InternalRestClientFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Calls the HTTP APIs of a running system.
public final class SystemClient {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Function<Component, URI> urls;
    private final String internalApiKey;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final DevelopmentTokenClient tokens;

    public SystemClient(LocalRun system) {
        this(system::url, system.internalApiKey());
    }

    /// @param urls the URL of each component
    /// @param internalApiKey the key of the internal API
    public SystemClient(Function<Component, URI> urls, String internalApiKey) {
        this.urls = urls;
        this.internalApiKey = internalApiKey;
        this.tokens =
                new DevelopmentTokenClient(() -> urls.apply(Component.DEVELOPMENT_ISSUER), client);
    }

    /// Places an order of one article, to an address in London.
    ///
    /// @param customer the customer name, also used for the e-mail address
    /// @return the accepted order
    /// @throws IllegalStateException when the order was rejected
    public JsonNode placeOrder(
            String customer, String key, String sku, int quantity, String paymentMethodId) {
        var body = JSON.createObjectNode();
        body.putArray("lines").addObject().put("sku", sku).put("quantity", quantity);
        body.put("paymentMethodId", paymentMethodId).put("email", customer + "@example.org");
        body.putObject("shippingAddress")
                .put("recipient", "Ada Lovelace")
                .put("street", "12 St James Square")
                .put("postalCode", "SW1Y 4JH")
                .put("city", "London")
                .put("country", "GB");
        return send(
                Component.ORDER_SERVICE,
                "/orders",
                Map.of(
                        "Authorization",
                        "Bearer " + tokens.token(customer),
                        IdempotencyKey.HEADER,
                        key),
                "POST",
                body.toString());
    }

    /// The order as returned to its customer.
    ///
    /// @throws IllegalStateException when the response is not successful
    public JsonNode order(String customer, String id) {
        return get(Component.ORDER_SERVICE, "/orders/" + id, tokens.authorizationHeader(customer));
    }

    DevelopmentTokenClient tokens() {
        return tokens;
    }

    /// Sends a GET request to a component.
    ///
    /// @throws IllegalStateException when the response is not successful
    public JsonNode get(Component component, String path, Map<String, String> headers) {
        return send(component, path, headers, "GET", "");
    }

    /// Calls the internal API of a component.
    ///
    /// @throws IllegalStateException when the response is not successful
    public JsonNode internal(
            String method, Component component, String path, String body, String idempotencyKey) {
        return send(
                component,
                path,
                Map.of(
                        InternalRestClientFactory.KEY_HEADER,
                        internalApiKey,
                        IdempotencyKey.HEADER,
                        idempotencyKey),
                method,
                body);
    }

    /// @throws IllegalStateException when the response is not successful
    JsonNode send(
            Component component,
            String path,
            Map<String, String> headers,
            String method,
            String body) {
        var request =
                HttpRequest.newBuilder(urls.apply(component).resolve(path))
                        .timeout(Duration.ofSeconds(30))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException(
                        "%s %s %s answered %d: %s"
                                .formatted(
                                        component.label(),
                                        method,
                                        path,
                                        answer.statusCode(),
                                        answer.body()));
            }
            return JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
        } catch (IOException failed) {
            throw new UncheckedIOException(component.label() + " " + path, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", interrupted);
        }
    }
}
