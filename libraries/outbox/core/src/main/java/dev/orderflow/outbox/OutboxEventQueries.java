package dev.orderflow.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Finds the events of a key that were not published, for people who look for them.
///
/// A published event is deleted, so it is not found. The table of waiting events has no index on
/// the key, because that would slow down every event; it is short unless the target is
/// unavailable, and then one query reads all of it.
public final class OutboxEventQueries {

    /// The most events in one list.
    public static final int MAX_LISTED = 200;

    private final JdbcClient jdbc;

    /// @param jdbc on the outbox's data source
    public OutboxEventQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Why an event is not published.
    public enum UnpublishedState {
        /// It is published as soon as the relay gets to it.
        WAITING,
        /// It was not accepted, and is sent again at a time.
        RETRYING,
        /// It has a delivery time.
        SCHEDULED,
        /// It was rejected too often and waits for an operator.
        PARKED,
        /// An operator discarded it.
        DISCARDED
    }

    /// An event that was not published, without its payload.
    ///
    /// @param attempts how often it was sent
    /// @param reason why it is not published; null while it only waits
    /// @param since when it got into this state
    /// @param nextAttempt when it is sent again or at first; null when nothing is planned
    public record UnpublishedEvent(
            String eventId,
            String type,
            UnpublishedState state,
            int attempts,
            @Nullable String reason,
            Instant storedAt,
            Instant since,
            @Nullable Instant nextAttempt) {}

    /// The events of a key that were not published, in the sequence in which they were stored,
    /// [#MAX_LISTED] at most. One statement.
    public List<UnpublishedEvent> findUnpublished(String key) {
        return jdbc.sql(
                        """
                        SELECT * FROM (
                            SELECT o.event_id, o.event_type,
                                   CASE WHEN r.outbox_id IS NULL THEN 'WAITING' ELSE 'RETRYING' END AS state,
                                   coalesce(r.attempts + r.deferrals, 0) AS attempts, r.reason,
                                   o.stored_at, o.stored_at AS since, r.not_before AS next_attempt
                              FROM outbox o
                              LEFT JOIN outbox_retry r
                                ON r.target = o.target AND r.event_key = o.event_key AND r.outbox_id = o.id
                             WHERE o.event_key = :key
                            UNION ALL
                            SELECT event_id, event_type, 'SCHEDULED', 0, NULL, stored_at, stored_at, deliver_at
                              FROM outbox_scheduled WHERE event_key = :key
                            UNION ALL
                            SELECT event_id, event_type, 'PARKED', attempts, reason, stored_at, parked_at, NULL
                              FROM outbox_parked WHERE event_key = :key
                            UNION ALL
                            SELECT event_id, event_type, 'DISCARDED', 0, discard_reason, stored_at, discarded_at, NULL
                              FROM outbox_discarded WHERE event_key = :key) AS unpublished
                         ORDER BY stored_at, event_id LIMIT :limit
                        """)
                .param("key", key)
                .param("limit", MAX_LISTED)
                .query((row, _) -> event(row))
                .list();
    }

    private static UnpublishedEvent event(ResultSet row) throws SQLException {
        var next = row.getObject("next_attempt", OffsetDateTime.class);
        return new UnpublishedEvent(
                row.getString("event_id"),
                row.getString("event_type"),
                UnpublishedState.valueOf(row.getString("state")),
                row.getInt("attempts"),
                row.getString("reason"),
                row.getObject("stored_at", OffsetDateTime.class).toInstant(),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                next == null ? null : next.toInstant());
    }
}
