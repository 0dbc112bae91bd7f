package dev.orderflow.inventory.orders;

import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.inventory.InventoryProperties;
import dev.orderflow.inventory.reservation.OrderDesk;
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
class HttpOrderDesk implements OrderDesk {

    private static final Logger log = LoggerFactory.getLogger(HttpOrderDesk.class);

    private final RestClient orderService;

    HttpOrderDesk(InternalRestClientFactory clients, InventoryProperties properties) {
        this.orderService =
                clients.create(
                        properties.orderService().url(), properties.orderService().readTimeout());
    }

    @Override
    public Fate fateOf(UUID orderId) {
        try {
            return fate(
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
            return Fate.UNKNOWN;
        }
    }

    private static Fate fate(UUID orderId, @Nullable JsonNode order) {
        if (order == null || !order.path("orderId").asString("").equals(orderId.toString())) {
            return Fate.UNKNOWN;
        }
        return switch (order.path("state").asString("")) {
            case "PENDING", "CONFIRMED", "DISPATCHING", "CANCEL_REQUESTED" -> Fate.OPEN;
            case "SHIPPED" -> Fate.SHIPPED;
            case "REJECTED", "CANCELLED" -> Fate.ENDED;
            default -> Fate.UNKNOWN;
        };
    }
}
