package dev.orderflow.shipping.client;

import dev.orderflow.defaults.http.RequiredUnlessNullableModule;
import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.shipment.DispatchPermitClient;
import dev.orderflow.shipping.shipment.Parcel;
import java.io.IOException;
import java.time.Duration;
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

/// The internal API of order-service for dispatch permits.
@Component
class HttpDispatchPermitClient implements DispatchPermitClient {

    private static final int MAX_RESPONSE_BYTES = 256 * 1024;

    /// Tolerates unknown fields, and no other deviation.
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .addModule(new RequiredUnlessNullableModule())
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private final RestClient http;
    private final Duration readTimeout;

    HttpDispatchPermitClient(InternalRestClientFactory clients, ShippingProperties properties) {
        var orderService = properties.orderService();
        readTimeout = orderService.readTimeout();
        http = clients.create(orderService.url(), readTimeout);
    }

    @Override
    public PermitRequestResult requestPermit(UUID orderId) {
        try {
            return http.post()
                    .uri("/internal/orders/{orderId}/dispatch-permit", orderId)
                    .header(IdempotencyKey.HEADER, orderId + ":dispatch-permit")
                    .contentType(MediaType.APPLICATION_JSON)
                    .body("{}")
                    .exchangeForRequiredValue((_, response) -> toResult(orderId, response));
        } catch (ResourceAccessException noResponse) {
            return new PermitRequestResult.DispatchPermitUnavailable(
                    FailureDescription.of(noResponse, readTimeout));
        }
    }

    private static PermitRequestResult toResult(UUID orderId, ClientHttpResponse response)
            throws IOException {
        int status = response.getStatusCode().value();
        var body = response.getBody().readNBytes(MAX_RESPONSE_BYTES);
        try {
            return switch (status) {
                case 200, 201 ->
                        toAllowed(orderId, JSON.readValue(body, DispatchPermitResponse.class));
                // A 409 may also mean that a request of another delivery is in flight.
                case 409 ->
                        problemType(body).endsWith("/dispatch-denied")
                                ? new PermitRequestResult.DispatchPermitDenied()
                                : new PermitRequestResult.DispatchPermitUnavailable(
                                        FailureDescription.describeStatus(status)
                                                + " without the problem dispatch-denied");
                case 404 -> new PermitRequestResult.DispatchOrderUnknown();
                default ->
                        new PermitRequestResult.DispatchPermitUnavailable(
                                FailureDescription.describeStatus(status));
            };
        } catch (JacksonException _) {
            return new PermitRequestResult.DispatchPermitUnavailable(
                    FailureDescription.unreadableAnswer(status));
        }
    }

    private static String problemType(byte[] body) {
        return JSON.readTree(body).path("type").stringValue("");
    }

    private static PermitRequestResult toAllowed(UUID orderId, DispatchPermitResponse permit) {
        return permit.orderId().equals(orderId)
                ? new PermitRequestResult.DispatchPermitGranted(
                        new Parcel(permit.recipient(), permit.address(), permit.lines()))
                : new PermitRequestResult.DispatchPermitUnavailable(
                        "the permit is for another order");
    }

    private record DispatchPermitResponse(
            UUID orderId,
            String recipient,
            Parcel.ParcelAddress address,
            List<Parcel.ParcelLine> lines) {

        @Override
        public String toString() {
            return "DispatchPermitResponse[orderId=" + orderId + "]";
        }
    }
}
