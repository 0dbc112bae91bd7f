package dev.orderflow.order.progress;

import dev.orderflow.order.domain.Concern;
import dev.orderflow.order.domain.Occurrence;
import dev.orderflow.order.domain.Occurrence.Effect;
import dev.orderflow.order.domain.Orders;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Puts an order before a person: nothing waits silently.
@Component
public class Attention {

    private static final Logger log = LoggerFactory.getLogger(Attention.class);

    private final Orders orders;
    private final Clock clock;

    Attention(Orders orders, Clock clock) {
        this.orders = orders;
        this.clock = clock;
    }

    /// Flags an order. Doing so again with the same concern and reason changes nothing.
    ///
    /// @param reason why, for the person; no payload and no personal data
    /// @return false when it was flagged so before, or there is no such order
    @Transactional
    public boolean flag(UUID orderId, Concern concern, String reason) {
        var standing = orders.standing(orderId);
        if (standing.isEmpty() || !orders.flag(orderId, concern, reason)) {
            return false;
        }
        log.warn("order {} needs attention, {}: {}", orderId, concern, reason);
        orders.note(
                orderId,
                new Occurrence(
                        clock.instant(),
                        "AttentionNeeded",
                        Effect.FLAGGED,
                        standing.get().state(),
                        Optional.of(reason)));
        return true;
    }
}
