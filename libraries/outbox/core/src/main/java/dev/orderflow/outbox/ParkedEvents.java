package dev.orderflow.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Lists, releases and discards parked events.
public final class ParkedEvents {

    /// The most events or reasons in one list.
    public static final int MAX_LISTED = 200;

    private static final Logger log = LoggerFactory.getLogger(ParkedEvents.class);

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final ParkedEventListener listener;
    private final RelayWakeUp relays;

    /// @param jdbc on the outbox's data source
    /// @param transactions on the same data source
    public ParkedEvents(
            JdbcClient jdbc,
            TransactionOperations transactions,
            ParkedEventListener listener,
            RelayWakeUp relays) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.listener = listener;
        this.relays = relays;
    }

    /// A parked event, without its payload.
    public record ParkedEvent(
            String eventId,
            String key,
            String type,
            String target,
            Instant occurredAt,
            int attempts,
            String reason,
            Instant parkedAt) {

        private static ParkedEvent from(ResultSet row) throws SQLException {
            return new ParkedEvent(
                    row.getString("event_id"),
                    row.getString("event_key"),
                    row.getString("event_type"),
                    row.getString("target"),
                    instant(row, "occurred_at"),
                    row.getInt("attempts"),
                    row.getString("reason"),
                    instant(row, "parked_at"));
        }
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /// The oldest parked events.
    ///
    /// @param limit 1 to [#MAX_LISTED]
    public List<ParkedEvent> findOldest(int limit) {
        return jdbc.sql(
                        """
                        SELECT event_id, event_key, event_type, target, occurred_at, attempts, reason,
                               parked_at
                        FROM outbox_parked ORDER BY id LIMIT :limit
                        """)
                .param("limit", Math.clamp(limit, 1, MAX_LISTED))
                .query((row, _) -> ParkedEvent.from(row))
                .list();
    }

    /// A reason for which events are parked.
    ///
    /// @param keys that have an event parked for it
    /// @param events parked for it
    /// @param oldest when the first of them was parked
    public record ParkedReason(String reason, int keys, int events, Instant oldest) {}

    /// The reasons for which events are parked, those of the most keys first,
    /// [#MAX_LISTED] at most.
    public List<ParkedReason> findReasons() {
        return jdbc.sql(
                        """
                        SELECT reason, count(DISTINCT event_key) AS keys, count(*) AS events,
                               min(parked_at) AS oldest
                        FROM outbox_parked GROUP BY reason ORDER BY keys DESC, reason LIMIT :limit
                        """)
                .param("limit", MAX_LISTED)
                .query(
                        (row, _) ->
                                new ParkedReason(
                                        row.getString("reason"),
                                        row.getInt("keys"),
                                        row.getInt("events"),
                                        instant(row, "oldest")))
                .list();
    }

    /// What was put back to be published.
    public record ReleaseResult(int keys, int events) {}

    /// Puts all parked events of a key back to be published, in their sequence. Releasing nothing
    /// is a result, not an error.
    public ReleaseResult releaseKey(String key) {
        var released = release(":keys", spec -> spec.param("keys", new String[] {key}));
        if (released.events() > 0) {
            log.info("released {} parked events of key {}", released.events(), key);
        }
        return released;
    }

    /// Puts a parked event back to be published, and with it all others of its key, in their
    /// sequence.
    public ReleaseResult releaseEvent(String eventId) {
        var released =
                release(
                        "ARRAY (SELECT event_key FROM outbox_parked WHERE event_id = :event)",
                        spec -> spec.param("event", eventId));
        if (released.events() > 0) {
            log.info("released {} parked events with event {}", released.events(), eventId);
        }
        return released;
    }

    /// Puts the events back to be published that are parked for a reason, and with each all others
    /// of its key, in their sequence. The parked events are read once, oldest first. Every few
    /// hundred are a transaction of their own, so that neither a lock nor a time-out depends on
    /// their number; repeating the call after a failure continues with the rest.
    public ReleaseResult releaseReason(String reason) {
        // Events that are parked again meanwhile, because the cause remains, are left parked.
        var begin = jdbc.sql("SELECT now()").query(OffsetDateTime.class).single();
        int keys = 0;
        int events = 0;
        var page = findParkedAfter(Long.MIN_VALUE, reason, begin);
        while (!page.isEmpty()) {
            var released = releaseKeys(page);
            keys += released.keys();
            events += released.events();
            page = findParkedAfter(page.getLast().id(), reason, begin);
        }
        log.info("released {} parked events of {} keys: {}", events, keys, reason);
        return new ReleaseResult(keys, events);
    }

    /// @param isWanted whether it is to be released
    private record ParkedKey(long id, String key, boolean isWanted) {}

    /// The next parked events whatever their reason: which ones are wanted is found out afterwards,
    /// so that Postgres reads a page by its key and not the whole table for each page.
    private List<ParkedKey> findParkedAfter(long id, String reason, OffsetDateTime parkedBy) {
        return jdbc.sql(
                        """
                        SELECT id, event_key, reason = :reason AND parked_at <= :parkedBy AS is_wanted
                        FROM outbox_parked WHERE id > :id ORDER BY id LIMIT 500
                        """)
                .param("id", id)
                .param("reason", reason)
                .param("parkedBy", parkedBy)
                .query(
                        (row, _) ->
                                new ParkedKey(
                                        row.getLong("id"),
                                        row.getString("event_key"),
                                        row.getBoolean("is_wanted")))
                .list();
    }

    private ReleaseResult releaseKeys(List<ParkedKey> page) {
        var keys =
                page.stream()
                        .filter(ParkedKey::isWanted)
                        .map(ParkedKey::key)
                        .distinct()
                        .toArray(String[]::new);
        return keys.length == 0
                ? new ReleaseResult(0, 0)
                : release(":keys", spec -> spec.param("keys", keys));
    }

    private record ReleasedKey(String target, String key, int events) {}

    /// @param keys an SQL expression of an array
    private ReleaseResult release(String keys, UnaryOperator<JdbcClient.StatementSpec> parameters) {
        return Objects.requireNonNull(
                transactions.execute(
                        _ -> {
                            var released =
                                    parameters
                                            .apply(jdbc.sql(releaseStatement(keys)))
                                            .query(
                                                    (row, _) ->
                                                            new ReleasedKey(
                                                                    row.getString("target"),
                                                                    row.getString("event_key"),
                                                                    row.getInt("events")))
                                            .list();
                            var releasedKeys = new TreeSet<String>();
                            released.forEach(it -> releasedKeys.add(it.key()));
                            if (!releasedKeys.isEmpty()) {
                                listener.onReleased(releasedKeys);
                                wakeUpAfterCommit(released);
                            }
                            return new ReleaseResult(
                                    releasedKeys.size(),
                                    released.stream().mapToInt(ReleasedKey::events).sum());
                        }));
    }

    /// The rows in `outbox_retry` keep later events of the keys from being published first: a relay
    /// in another process does not know of the release, and reads from a row behind the released
    /// ones until its next full scan.
    private static String releaseStatement(String keys) {
        return """
        WITH released AS (
            DELETE FROM outbox_parked WHERE event_key = ANY (%s) RETURNING *
        ), waiting AS (
            INSERT INTO outbox (id, target, shard, event_key, event_id, event_type, payload,
                                content_type, headers, occurred_at, stored_at)
            OVERRIDING SYSTEM VALUE
            SELECT id, target, shard, event_key, event_id, event_type, payload,
                   content_type, headers, occurred_at, stored_at
            FROM released
        ), first AS (
            INSERT INTO outbox_retry (target, event_key, outbox_id, attempts, deferrals, not_before, reason)
            SELECT target, event_key, min(id), 0, 1, now(), 'released'
            FROM released GROUP BY target, event_key ORDER BY target, event_key
            ON CONFLICT (target, event_key) DO UPDATE
               SET outbox_id = excluded.outbox_id, attempts = excluded.attempts,
                   deferrals = excluded.deferrals, is_blocked = false,
                   not_before = excluded.not_before, reason = excluded.reason
        )
        SELECT target, event_key, count(*) AS events FROM released GROUP BY target, event_key
        """
                .formatted(keys);
    }

    private void wakeUpAfterCommit(List<ReleasedKey> released) {
        var keys = new HashMap<String, Set<String>>();
        released.forEach(
                it -> keys.computeIfAbsent(it.target(), _ -> new TreeSet<>()).add(it.key()));
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        for (Map.Entry<String, Set<String>> target : keys.entrySet()) {
                            relays.wakeUpReleased(target.getKey(), target.getValue());
                        }
                    }
                });
    }

    /// Discards a parked event: it will not be published. The event is kept in `outbox_discarded`
    /// with the reason. Later events of its key that are parked behind it stay parked until they
    /// are released.
    ///
    /// @param reason why it is not needed; 1 to 500 characters
    /// @return false when no such event is parked
    /// @throws IllegalArgumentException when the reason is missing or too long
    public boolean discard(String eventId, String reason) {
        EventTexts.require("reason", reason, 500);
        return Boolean.TRUE.equals(
                transactions.execute(
                        _ -> {
                            var keys =
                                    jdbc.sql(
                                                    """
                                                    WITH gone AS (
                                                        DELETE FROM outbox_parked WHERE event_id = :event RETURNING *
                                                    ), kept AS (
                                                        INSERT INTO outbox_discarded
                                                               (id, target, event_key, event_id, event_type, payload,
                                                                content_type, headers, occurred_at, stored_at,
                                                                parked_reason, parked_at, discard_reason)
                                                        SELECT id, target, event_key, event_id, event_type, payload,
                                                               content_type, headers, occurred_at, stored_at,
                                                               reason, parked_at, :reason
                                                        FROM gone
                                                    )
                                                    SELECT DISTINCT event_key FROM gone
                                                    """)
                                            .param("event", eventId)
                                            .param("reason", reason)
                                            .query(String.class)
                                            .list();
                            var cleared = new TreeSet<String>();
                            for (var key : keys) {
                                if (!hasParked(key)) {
                                    cleared.add(key);
                                }
                            }
                            if (!cleared.isEmpty()) {
                                listener.onReleased(cleared);
                            }
                            if (!keys.isEmpty()) {
                                log.info("parked event {} was discarded: {}", eventId, reason);
                            }
                            return !keys.isEmpty();
                        }));
    }

    private boolean hasParked(String key) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM outbox_parked WHERE event_key = :key)")
                .param("key", key)
                .query(Boolean.class)
                .single();
    }
}
