package dev.orderflow.order.publishing;

import dev.orderflow.order.domain.WorkItemKind;
import dev.orderflow.order.workitems.WorkItemService;
import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.ParkedEventListener;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Raises a work item for an order with a parked event, and resolves it when its events are
/// released, in the same transaction.
@Component
class ParkedEventWorkItems implements ParkedEventListener {

    private final WorkItemService workItems;
    private final JdbcClient jdbc;

    ParkedEventWorkItems(WorkItemService workItems, JdbcClient jdbc) {
        this.workItems = workItems;
        this.jdbc = jdbc;
    }

    @Override
    public void onParked(OutboxEvent event, String reason) {
        findOrderId(event.key())
                .ifPresent(
                        orderId ->
                                workItems.open(
                                        orderId,
                                        WorkItemKind.EVENT_PARKED,
                                        event.type() + " could not be published: " + reason));
    }

    @Override
    public void onReleased(Set<String> keys) {
        jdbc.sql(
                        """
                        UPDATE work_item
                           SET resolved_at = now(), resolved_by = 'parked events released'
                         WHERE order_id = ANY (:orders)
                           AND kind = 'EVENT_PARKED' AND resolved_at IS NULL
                        """)
                .param(
                        "orders",
                        keys.stream()
                                .flatMap(key -> findOrderId(key).stream())
                                .toArray(UUID[]::new))
                .update();
    }

    /// The order of a key. Empty for a row that was not written by this service: it must neither
    /// stop the relay nor prevent its release.
    private static Optional<UUID> findOrderId(String key) {
        try {
            return Optional.of(UUID.fromString(key));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
