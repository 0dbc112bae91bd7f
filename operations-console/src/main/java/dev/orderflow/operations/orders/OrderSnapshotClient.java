package dev.orderflow.operations.orders;

import dev.orderflow.operations.services.ServiceApi;
import dev.orderflow.operations.services.ServiceApiFactory;
import dev.orderflow.operations.services.ServiceUnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Reads orders from order-service.
@Component
public class OrderSnapshotClient {

    private static final Logger log = LoggerFactory.getLogger(OrderSnapshotClient.class);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(3);

    private final ServiceApi orders;

    OrderSnapshotClient(ServiceApiFactory services) {
        this.orders = services.orderService(READ_TIMEOUT);
    }

    /// The state of an order now. Does not throw.
    public OrderSnapshot find(UUID orderId) {
        try {
            return orders.find("order-not-found", "/internal/orders/{id}", orderId)
                    .<OrderSnapshot>map(
                            order ->
                                    new OrderSnapshot.KnownOrder(
                                            order.text("state"), order.flag("needsAttention")))
                    .orElseGet(OrderSnapshot.NoSuchOrder::new);
        } catch (ServiceUnavailableException failure) {
            log.warn("cannot read order {}: {}", orderId, failure.getMessage());
            return new OrderSnapshot.OrderServiceUnavailable();
        }
    }

    /// A function for one view: it reads each order once, and reads no more after order-service did
    /// not respond, so that a view of hundreds of orders does not wait for hundreds of time-outs.
    public Function<UUID, OrderSnapshot> cachingFinder() {
        Map<UUID, OrderSnapshot> known = new HashMap<>();
        return id -> {
            var read = known.get(id);
            if (read != null) {
                return read;
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
