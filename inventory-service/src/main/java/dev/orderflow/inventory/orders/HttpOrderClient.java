package dev.orderflow.inventory.orders;

import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.inventory.InventoryProperties;
import dev.orderflow.inventory.reservation.OrderClient;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.databind.JsonNode;

/// Reads an order's state from `GET /internal/orders/{orderId}`.
@Component
class HttpOrderClient implements OrderClient {

    private static final Logger log = LoggerFactory.getLogger(HttpOrderClient.class);

    private final RestClient orderService;

    HttpOrderClient(InternalRestClientFactory clients, InventoryProperties properties) {
        this.orderService =
                clients.create(
                        properties.orderService().url(), properties.orderService().readTimeout());
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
                            .body(JsonNode.class));
        } catch (RestClientException unanswered) {
            // A 404 too: a wrong address answers so for every order, and must not empty the
            // reservations.
            log.info(
                    "order-service did not say how {} stands: {}",
                    orderId,
                    unanswered.getClass().getSimpleName());
            return OrderOutcome.UNKNOWN;
        }
    }

    private static OrderOutcome toOutcome(UUID orderId, @Nullable JsonNode order) {
        if (order == null || !order.path("orderId").asString("").equals(orderId.toString())) {
            return OrderOutcome.UNKNOWN;
        }
        return switch (order.path("state").asString("")) {
            case "PENDING", "CONFIRMED", "DISPATCHING", "CANCEL_REQUESTED" -> OrderOutcome.OPEN;
            case "SHIPPED" -> OrderOutcome.SHIPPED;
            case "REJECTED", "CANCELLED" -> OrderOutcome.ENDED;
            default -> OrderOutcome.UNKNOWN;
        };
    }
}
