package dev.orderflow.analytics.projection;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/// A row of the table `fact`, read only.
@Entity
@Immutable
@Table(name = "fact")
class FactRow {

    @Id private String eventId;

    private String type;

    private UUID orderId;

    private int orderVersion;

    private Instant occurredAt;

    private Instant recordedAt;

    private boolean replayed;

    /// For Hibernate, which sets the fields.
    @SuppressWarnings("NullAway.Init")
    protected FactRow() {}

    FactHistory.RecordedFact toRecordedFact() {
        return new FactHistory.RecordedFact(
                eventId, type, orderVersion, occurredAt, recordedAt, replayed);
    }
}
