package dev.orderflow.analytics.projection;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/// What this consumer has heard of one order, and when: a receipt for whoever looks for a lost
/// event.
@Service
public class FactHistory {

    private final FactRows rows;

    FactHistory(FactRows rows) {
        this.rows = rows;
    }

    /// An order's facts in the order of its life; none when nothing was heard.
    @Transactional(readOnly = true)
    public List<RecordedFact> findByOrder(UUID orderId) {
        return rows.findByOrderIdOrderByOrderVersionAscEventIdAsc(orderId).stream()
                .map(FactRow::toRecordedFact)
                .toList();
    }

    /// @param recordedAt when it was recorded here for the first time
    /// @param replayed whether it came out of the archive
    public record RecordedFact(
            String eventId,
            String type,
            int orderVersion,
            Instant occurredAt,
            Instant recordedAt,
            boolean replayed) {}
}
