package dev.orderflow.inventory.orders;

import dev.orderflow.contracts.value.OrderStateCode;
import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.inventory.InventoryProperties;
import dev.orderflow.inventory.reservation.OrderClient;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Reads the state of an order from `GET /internal/orders/{orderId}` of order-service.
@Component
class HttpOrderClient implements OrderClient {

    private static final Logger log = LoggerFactory.getLogger(HttpOrderClient.class);

    private final RestClient orderService;
    private final Duration readTimeout;

    HttpOrderClient(InternalRestClientFactory clients, InventoryProperties properties) {
        this.readTimeout = properties.orderService().readTimeout();
        this.orderService = clients.create(properties.orderService().url(), readTimeout);
    }

    @Override
    public OrderOutcome findOutcome(UUID orderId) {
        try {
            return toOutcome(
                    orderId,
                    orderService
                            .get()
                            .uri("/internal/orders/{orderId}", orderId)
                            .retrieve()
                            .body(String.class));
        } catch (RestClientResponseException answered) {
            // A 404 counts as unknown too: with a wrong URL every order gets a 404, which must not
            // release all reservations.
            return unknown(
                    orderId, FailureDescription.describeStatus(answered.getStatusCode().value()));
        } catch (RestClientException | JacksonException failed) {
            return unknown(orderId, FailureDescription.of(failed, readTimeout));
        }
    }

    private static OrderOutcome unknown(UUID orderId, String reason) {
        log.info("order {}: cannot read its state from order-service: {}", orderId, reason);
        return OrderOutcome.UNKNOWN;
    }

    private static OrderOutcome toOutcome(UUID orderId, @Nullable String body) {
        var order = JsonMapper.shared().readTree(body == null ? "" : body);
        if (!order.path("orderId").asString("").equals(orderId.toString())) {
            return OrderOutcome.UNKNOWN;
        }
        return OrderStateCode.of(order.path("state").asString(""))
                .map(HttpOrderClient::toOutcome)
                .orElse(OrderOutcome.UNKNOWN);
    }

    private static OrderOutcome toOutcome(OrderStateCode state) {
        if (!state.isFinal()) {
            return OrderOutcome.OPEN;
        }
        return state.isUnshippedFinal() ? OrderOutcome.FINAL : OrderOutcome.SHIPPED;
    }
}
