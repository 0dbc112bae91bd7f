package dev.orderflow.analytics.projection;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/// The facts recorded for one order and when they were, to trace a lost event.
@Service
public class FactHistory {

    private final FactRows rows;

    FactHistory(FactRows rows) {
        this.rows = rows;
    }

    /// Finds the facts of an order, the earliest version first.
    @Transactional(readOnly = true)
    public List<RecordedFact> findByOrder(UUID orderId) {
        return rows.findByOrderIdOrderByOrderVersionAscEventIdAsc(orderId).stream()
                .map(FactRow::toRecordedFact)
                .toList();
    }

    /// @param recordedAt when it was recorded for the first time
    /// @param replayed whether it was replayed from the archive
    public record RecordedFact(
            String eventId,
            String type,
            int orderVersion,
            Instant occurredAt,
            Instant recordedAt,
            boolean replayed) {}
}
