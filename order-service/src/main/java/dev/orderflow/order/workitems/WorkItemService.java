package dev.orderflow.order.workitems;

import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.TimelineEntry;
import dev.orderflow.order.domain.TimelineEntry.TimelineEffect;
import dev.orderflow.order.domain.WorkItemKind;
import dev.orderflow.order.domain.WorkItems;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Opens work items, so that an order that needs an operator is listed and logged.
@Component
class WorkItemService implements WorkItems {

    private static final Logger log = LoggerFactory.getLogger(WorkItemService.class);

    private final WorkItemRepository workItems;
    private final Orders orders;
    private final Clock clock;

    WorkItemService(WorkItemRepository workItems, Orders orders, Clock clock) {
        this.workItems = workItems;
        this.orders = orders;
        this.clock = clock;
    }

    @Override
    @Transactional
    public boolean open(UUID orderId, WorkItemKind kind, String reason) {
        var current = orders.findState(orderId);
        if (current.isEmpty() || !workItems.open(orderId, kind, reason)) {
            return false;
        }
        log.warn("order {}: work item {} opened: {}", orderId, kind, reason);
        // A report that is out of order has an entry of its own.
        if (kind != WorkItemKind.OUT_OF_ORDER) {
            orders.appendToTimeline(
                    orderId,
                    new TimelineEntry(
                            clock.instant(),
                            "WorkItemOpened",
                            TimelineEffect.FLAGGED,
                            current.get().state(),
                            Optional.of(reason)));
        }
        return true;
    }
}
