package dev.orderflow.analytics.projection;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/// What this consumer has heard of one order, and when: a receipt for whoever looks for a lost
/// event.
@Service
public class History {

    private final FactRows rows;

    History(FactRows rows) {
        this.rows = rows;
    }

    /// An order's facts in the order of its life; none when nothing was heard.
    @Transactional(readOnly = true)
    public List<Heard> of(UUID orderId) {
        return rows.findByOrderIdOrderByOrderVersionAscEventIdAsc(orderId).stream()
                .map(FactRow::heard)
                .toList();
    }

    /// @param recordedAt when it was recorded here for the first time
    /// @param replayed whether it came out of the archive
    public record Heard(
            String eventId,
            String type,
            int orderVersion,
            Instant occurredAt,
            Instant recordedAt,
            boolean replayed) {}
}
