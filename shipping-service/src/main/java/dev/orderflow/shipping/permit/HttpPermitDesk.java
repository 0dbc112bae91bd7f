package dev.orderflow.shipping.permit;

import dev.orderflow.defaults.http.RequiredUnlessNullableModule;
import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.arrangement.Parcel;
import dev.orderflow.shipping.arrangement.PermitDesk;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Asks order-service for the permit over its internal API.
@Component
class HttpPermitDesk implements PermitDesk {

    private static final int LARGEST_ANSWER = 256 * 1024;

    /// Tolerates fields it does not know, and nothing else.
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .addModule(new RequiredUnlessNullableModule())
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private final RestClient http;

    HttpPermitDesk(InternalRestClientFactory clients, ShippingProperties properties) {
        var orderService = properties.orderService();
        http = clients.create(orderService.url(), orderService.readTimeout());
    }

    @Override
    public Decision ask(UUID orderId) {
        try {
            return http.post()
                    .uri("/internal/orders/{orderId}/dispatch-permit", orderId)
                    .header("Idempotency-Key", orderId + ":dispatch-permit")
                    .contentType(MediaType.APPLICATION_JSON)
                    .body("{}")
                    .exchangeForRequiredValue((_, answer) -> decisionOf(orderId, answer));
        } catch (ResourceAccessException noAnswer) {
            var cause = noAnswer.getMostSpecificCause();
            return new Decision.NoAnswer(cause.getClass().getSimpleName());
        }
    }

    private static Decision decisionOf(UUID orderId, ClientHttpResponse answer) throws IOException {
        int status = answer.getStatusCode().value();
        var body = answer.getBody().readNBytes(LARGEST_ANSWER);
        try {
            return switch (status) {
                case 200, 201 -> granted(orderId, JSON.readValue(body, Permit.class));
                // A 409 may also mean that another delivery is asking at this moment.
                case 409 ->
                        problemType(body).endsWith("/dispatch-denied")
                                ? new Decision.Denied()
                                : new Decision.NoAnswer(
                                        "answered 409, but not that it is cancelled");
                case 404 -> new Decision.UnknownOrder();
                default -> new Decision.NoAnswer("answered " + status);
            };
        } catch (JacksonException unusable) {
            return new Decision.NoAnswer("answered " + status + " with what is no permit");
        }
    }

    private static String problemType(byte[] body) {
        return JSON.readTree(body).path("type").stringValue("");
    }

    private static Decision granted(UUID orderId, Permit permit) {
        return permit.orderId().equals(orderId)
                ? new Decision.Granted(
                        new Parcel(permit.recipient(), permit.address(), permit.lines()))
                : new Decision.NoAnswer("answered with the permit of another order");
    }

    private record Permit(
            UUID orderId, String recipient, Parcel.Address address, List<Parcel.Line> lines) {

        @Override
        public String toString() {
            return "Permit[orderId=" + orderId + "]";
        }
    }
}
