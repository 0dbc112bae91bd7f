package dev.orderflow.operations.orders;

import dev.orderflow.contracts.value.StateBatchRequest;
import dev.orderflow.operations.services.ServiceApi;
import dev.orderflow.operations.services.ServiceApiFactory;
import dev.orderflow.operations.services.ServiceResponse;
import dev.orderflow.operations.services.ServiceUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Gatherers;
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
                    .map(OrderSnapshotClient::toSnapshot)
                    .orElseGet(OrderSnapshot.NoSuchOrder::new);
        } catch (ServiceUnavailableException failure) {
            log.warn("cannot read order {}: {}", orderId, failure.getMessage());
            return new OrderSnapshot.OrderServiceUnavailable();
        }
    }

    /// The states of many orders now, for a view: one call for [StateBatchRequest#MAX_ORDERS] of
    /// them. Does not throw. After order-service did not respond it is not called again, so that a
    /// view of hundreds of orders does not wait for several time-outs.
    ///
    /// @return a state for each id
    public Map<UUID, OrderSnapshot> findAll(Collection<UUID> orderIds) {
        var found = new HashMap<UUID, OrderSnapshot>();
        for (var batch :
                orderIds.stream()
                        .distinct()
                        .gather(Gatherers.windowFixed(StateBatchRequest.MAX_ORDERS))
                        .toList()) {
            try {
                batch.forEach(id -> found.put(id, new OrderSnapshot.NoSuchOrder()));
                orders.post("/internal/orders/state-batch", new StateBatchRequest(batch))
                        .objects("orders")
                        .forEach(order -> found.put(order.uuid("orderId"), toSnapshot(order)));
            } catch (ServiceUnavailableException failure) {
                log.warn("cannot read the states of orders: {}", failure.getMessage());
                orderIds.stream()
                        .filter(id -> !found.containsKey(id) || batch.contains(id))
                        .forEach(id -> found.put(id, new OrderSnapshot.OrderServiceUnavailable()));
                break;
            }
        }
        return found;
    }

    private static OrderSnapshot toSnapshot(ServiceResponse order) {
        return new OrderSnapshot.KnownOrder(order.text("state"), order.flag("needsAttention"));
    }
}
