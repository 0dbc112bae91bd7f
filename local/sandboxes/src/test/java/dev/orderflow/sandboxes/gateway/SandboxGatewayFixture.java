package dev.orderflow.sandboxes.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.payment.domain.IntentId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A sandbox gateway, and what happens to it outside of payment-service.
final class SandboxGatewayFixture implements AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final SandboxGateway sandbox = SandboxGateway.start(0, Duration.ofSeconds(3));

    URI url() {
        return sandbox.url();
    }

    /// Activates a fault; the mode `none` ends it.
    void setFault(String fault) {
        send(request("/sandbox/faults").PUT(HttpRequest.BodyPublishers.ofString(fault)));
    }

    JsonNode ledger(UUID order) {
        return JsonMapper.shared().readTree(send(request("/sandbox/ledger/" + order)).body());
    }

    /// Expires the authorisation of an order, as a card network does after some days.
    void expireAuthorization(UUID order) {
        send(
                request("/sandbox/authorizations/" + order)
                        .PUT(HttpRequest.BodyPublishers.ofString("{\"seconds\":0}")));
    }

    /// Refunds a part of an intent in the gateway's dashboard.
    void refundInDashboard(IntentId intent, int cents) {
        post("refunds", "amount=" + cents + "&payment_intent=" + intent.value(), null);
    }

    /// Sends a request to the API of Stripe.
    ///
    /// @param key the idempotency key; null for none
    void post(String resource, String form, String key) {
        var request =
                request("/v1/" + resource)
                        .header("Authorization", "Bearer sk_test_dashboard")
                        .POST(HttpRequest.BodyPublishers.ofString(form));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        send(request);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return response;
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
