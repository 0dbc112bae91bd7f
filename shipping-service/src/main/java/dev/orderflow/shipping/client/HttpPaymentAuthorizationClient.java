package dev.orderflow.shipping.client;

import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.shipment.PaymentAuthorizationClient;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The internal API of payment-service, which retrieves the status from the gateway.
@Component
class HttpPaymentAuthorizationClient implements PaymentAuthorizationClient {

    private static final int MAX_RESPONSE_BYTES = 64 * 1024;

    private final RestClient http;
    private final Duration readTimeout;

    HttpPaymentAuthorizationClient(
            InternalRestClientFactory clients, ShippingProperties properties) {
        var paymentService = properties.paymentService();
        readTimeout = paymentService.readTimeout();
        http = clients.create(paymentService.url(), readTimeout);
    }

    @Override
    public AuthorizationCheckResult verify(UUID orderId) {
        try {
            return http.post()
                    .uri("/internal/payments/{orderId}/authorization-verification", orderId)
                    .contentType(MediaType.APPLICATION_JSON)
                    .body("{}")
                    .exchangeForRequiredValue((_, response) -> toResult(orderId, response));
        } catch (ResourceAccessException noResponse) {
            return new AuthorizationCheckResult.AuthorizationCheckFailed(
                    FailureDescription.of(noResponse, readTimeout));
        }
    }

    private static AuthorizationCheckResult toResult(UUID orderId, ClientHttpResponse response)
            throws IOException {
        int status = response.getStatusCode().value();
        try {
            var body =
                    JsonMapper.shared().readTree(response.getBody().readNBytes(MAX_RESPONSE_BYTES));
            if (status == 404 && body.path("type").stringValue("").endsWith("/payment-not-found")) {
                return new AuthorizationCheckResult.NoPaymentFound();
            }
            var dispatchAllowed = body.path("dispatchAllowed");
            if (status != 200) {
                return new AuthorizationCheckResult.AuthorizationCheckFailed(
                        FailureDescription.describeStatus(status));
            }
            if (!dispatchAllowed.isBoolean()
                    || !orderId.toString().equals(body.path("orderId").stringValue(""))) {
                return new AuthorizationCheckResult.AuthorizationCheckFailed(
                        FailureDescription.unreadableAnswer(status));
            }
            return dispatchAllowed.booleanValue()
                    ? new AuthorizationCheckResult.AuthorizationValid()
                    : new AuthorizationCheckResult.AuthorizationInsufficient();
        } catch (JacksonException _) {
            return new AuthorizationCheckResult.AuthorizationCheckFailed(
                    status == 200
                            ? FailureDescription.unreadableAnswer(status)
                            : FailureDescription.describeStatus(status));
        }
    }
}
