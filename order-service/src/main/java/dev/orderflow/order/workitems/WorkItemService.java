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

/// Puts an order before a person: nothing waits silently.
@Component
public class WorkItemService {

    private static final Logger log = LoggerFactory.getLogger(WorkItemService.class);

    private final Orders orders;
    private final Clock clock;

    WorkItemService(Orders orders, Clock clock) {
        this.orders = orders;
        this.clock = clock;
    }

    /// Flags an order. Doing so again with the same concern and reason changes nothing.
    ///
    /// @param reason why, for the person; no payload and no personal data
    /// @return false when it was flagged so before, or there is no such order
    @Transactional
    public boolean raise(UUID orderId, WorkItemKind concern, String reason) {
        var standing = orders.findStatus(orderId);
        if (standing.isEmpty() || !orders.raiseWorkItem(orderId, concern, reason)) {
            return false;
        }
        log.warn("order {} needs attention, {}: {}", orderId, concern, reason);
        orders.appendToTimeline(
                orderId,
                new TimelineEntry(
                        clock.instant(),
                        "AttentionNeeded",
                        TimelineEffect.FLAGGED,
                        standing.get().state(),
                        Optional.of(reason)));
        return true;
    }
}
