package dev.orderflow.order.workitems;

import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.TimelineEntry;
import dev.orderflow.order.domain.TimelineEntry.TimelineEffect;
import dev.orderflow.order.domain.WorkItemKind;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Opens work items, so that an order that needs an operator is listed and logged.
@Component
public class WorkItemService {

    private static final Logger log = LoggerFactory.getLogger(WorkItemService.class);

    private final Orders orders;
    private final Clock clock;

    WorkItemService(Orders orders, Clock clock) {
        this.orders = orders;
        this.clock = clock;
    }

    /// Opens a work item for an order. Repeating it with the same kind and reason changes nothing.
    ///
    /// @param reason the cause, for the operator; no payload and no personal data
    /// @return false when the item is open already or there is no such order
    @Transactional
    public boolean open(UUID orderId, WorkItemKind kind, String reason) {
        var status = orders.findStatus(orderId);
        if (status.isEmpty() || !orders.openWorkItem(orderId, kind, reason)) {
            return false;
        }
        log.warn("order {}: work item {} opened: {}", orderId, kind, reason);
        orders.appendToTimeline(
                orderId,
                new TimelineEntry(
                        clock.instant(),
                        "WorkItemOpened",
                        TimelineEffect.FLAGGED,
                        status.get().state(),
                        Optional.of(reason)));
        return true;
    }
}
