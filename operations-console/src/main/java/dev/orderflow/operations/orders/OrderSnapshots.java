package dev.orderflow.operations.orders;

import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.operations.OperationsProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Asks order-service.
@Component
public class OrderSnapshots {

    private static final Logger log = LoggerFactory.getLogger(OrderSnapshots.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final RestClient orders;

    OrderSnapshots(InternalRestClientFactory clients, OperationsProperties properties) {
        this.orders = clients.create(properties.orderUrl(), PATIENCE);
    }

    /// How an order is now. Does not throw.
    public OrderSnapshot find(UUID orderId) {
        try {
            var body =
                    orders.get()
                            .uri("/internal/orders/{id}", orderId)
                            .retrieve()
                            .body(String.class);
            var order = JsonMapper.shared().readTree(body == null ? "" : body);
            var state = order.path("state").stringValue(null);
            return state == null
                    ? new OrderSnapshot.OrderServiceUnavailable()
                    : new OrderSnapshot.KnownOrder(
                            state, order.path("needsAttention").booleanValue(false));
        } catch (HttpClientErrorException.NotFound unknown) {
            // Another 404 would come from whatever else listens there, and proves nothing.
            return unknown.getResponseBodyAsString().contains("/problems/")
                    ? new OrderSnapshot.NoSuchOrder()
                    : new OrderSnapshot.OrderServiceUnavailable();
        } catch (RestClientException | JacksonException failed) {
            // The message would quote the answer.
            log.warn(
                    "cannot read order {} from order-service: {}",
                    orderId,
                    failed.getClass().getSimpleName());
            return new OrderSnapshot.OrderServiceUnavailable();
        }
    }

    /// Answers for one view: each order is asked for once, and after a question without an answer
    /// no more are asked, so that a view of hundreds does not wait hundreds of times.
    public Function<UUID, OrderSnapshot> forOneView() {
        Map<UUID, OrderSnapshot> known = new HashMap<>();
        return id -> {
            var before = known.get(id);
            if (before != null) {
                return before;
            }
            var now =
                    known.containsValue(new OrderSnapshot.OrderServiceUnavailable())
                            ? new OrderSnapshot.OrderServiceUnavailable()
                            : find(id);
            known.put(id, now);
            return now;
        };
    }
}
