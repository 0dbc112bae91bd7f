package dev.orderflow.shipping.permit;

import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.arrangement.PaymentHolds;
import java.io.IOException;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Asks payment-service, which asks the gateway, over its internal API.
@Component
class HttpPaymentHolds implements PaymentHolds {

    private static final int LARGEST_ANSWER = 64 * 1024;

    private final RestClient http;

    HttpPaymentHolds(InternalRestClientFactory clients, ShippingProperties properties) {
        var paymentService = properties.paymentService();
        http = clients.create(paymentService.url(), paymentService.readTimeout());
    }

    @Override
    public Hold verify(UUID orderId) {
        try {
            return http.post()
                    .uri("/internal/payments/{orderId}/authorization-verification", orderId)
                    .contentType(MediaType.APPLICATION_JSON)
                    .body("{}")
                    .exchangeForRequiredValue((_, answer) -> holdOf(orderId, answer));
        } catch (ResourceAccessException noAnswer) {
            var cause = noAnswer.getMostSpecificCause();
            return new Hold.NoAnswer(cause.getClass().getSimpleName());
        }
    }

    private static Hold holdOf(UUID orderId, ClientHttpResponse answer) throws IOException {
        int status = answer.getStatusCode().value();
        try {
            var body = JsonMapper.shared().readTree(answer.getBody().readNBytes(LARGEST_ANSWER));
            if (status == 404 && body.path("type").stringValue("").endsWith("/payment-not-found")) {
                return new Hold.NoPayment();
            }
            var lasts = body.path("dispatchAllowed");
            if (status != 200
                    || !lasts.isBoolean()
                    || !orderId.toString().equals(body.path("orderId").stringValue(""))) {
                return new Hold.NoAnswer("answered " + status);
            }
            return lasts.booleanValue() ? new Hold.Lasts() : new Hold.Ended();
        } catch (JacksonException unusable) {
            return new Hold.NoAnswer("answered " + status + " with what is no JSON");
        }
    }
}
