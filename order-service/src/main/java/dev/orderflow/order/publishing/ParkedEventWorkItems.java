package dev.orderflow.order.publishing;

import dev.orderflow.order.domain.WorkItemKind;
import dev.orderflow.order.domain.WorkItems;
import dev.orderflow.order.workitems.WorkItemRepository;
import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.ParkedEventListener;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Opens a work item for an order with a parked event, and resolves it when its events are
/// released, in the same transaction.
@Component
class ParkedEventWorkItems implements ParkedEventListener {

    private final WorkItems workItems;
    private final WorkItemRepository repository;

    ParkedEventWorkItems(WorkItems workItems, WorkItemRepository repository) {
        this.workItems = workItems;
        this.repository = repository;
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
        repository.resolveParked(keys.stream().flatMap(key -> findOrderId(key).stream()).toList());
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
