package dev.orderflow.notification.channel;

import dev.orderflow.notification.channel.NotificationLog.NotificationEntry;
import dev.orderflow.notification.channel.NotificationLog.NotificationState;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// A row of the table `notification`, read only. [NotificationLog] writes it by compare-and-set.
@Entity
@Immutable
@Table(name = "notification")
class NotificationRow {

    @Id private UUID id;

    @Column(nullable = false)
    private UUID orderId;

    @Column(nullable = false)
    private String eventType;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private NotificationChannel channel;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private NotificationState state;

    @Column(nullable = false)
    private Instant claimedAt;

    private @Nullable String resolvedBy;
    private @Nullable String resolvedByName;

    private @Nullable String note;

    /// For Hibernate, which sets the fields.
    @SuppressWarnings("NullAway.Init")
    protected NotificationRow() {}

    UUID id() {
        return id;
    }

    NotificationEntry entry() {
        return new NotificationEntry(
                orderId, eventType, channel, state, claimedAt, resolvedBy, resolvedByName, note);
    }
}
