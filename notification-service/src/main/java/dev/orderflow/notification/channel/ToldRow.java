package dev.orderflow.notification.channel;

import dev.orderflow.notification.channel.SentOnce.Entry;
import dev.orderflow.notification.channel.SentOnce.State;
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

/// One thing told, to be read. It is written by compare-and-set in [SentOnce].
@Entity
@Immutable
@Table(name = "notification")
class ToldRow {

    @Id private UUID id;

    @Column(nullable = false)
    private UUID orderId;

    @Column(nullable = false)
    private String eventType;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private Channel channel;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private State state;

    @Column(nullable = false)
    private Instant claimedAt;

    private @Nullable String settledBy;

    private @Nullable String note;

    /// For Hibernate, which fills the fields in.
    @SuppressWarnings("NullAway.Init")
    protected ToldRow() {}

    Entry entry() {
        return new Entry(orderId, eventType, channel, state, claimedAt, settledBy, note);
    }
}
