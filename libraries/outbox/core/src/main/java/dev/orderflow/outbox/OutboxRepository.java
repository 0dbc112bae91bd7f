package dev.orderflow.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// The outbox tables as the relay of one target uses them.
///
/// Every statement is a transaction of its own, except in [#park]. A former owner that publishes an
/// event after the present one has deferred it leaves a row in `outbox_retry` whose event is gone.
/// It delays the key's next event until the next full scan after its time at most, is not counted
/// against that event, and is deleted or replaced with it, or by [#deleteObsoleteRetries].
final class OutboxRepository {

    private static final int MAX_DUE = 500;

    private final JdbcClient jdbc;
    private final CommittedStatements committed;
    private final TransactionOperations transactions;
    private final ParkedEventListener parkedEventListener;
    private final String target;
    private final UUID relayId;

    OutboxRepository(
            JdbcClient jdbc,
            TransactionOperations transactions,
            ParkedEventListener parkedEventListener,
            String target,
            UUID relayId) {
        this.jdbc = jdbc;
        this.committed = new CommittedStatements(jdbc, transactions);
        this.transactions = transactions;
        this.parkedEventListener = parkedEventListener;
        this.target = target;
        this.relayId = relayId;
    }

    /// Events that were read.
    ///
    /// @param hasMore whether there may be more, because the limit or the size was reached
    record OldestEvents(List<PendingEvent> events, boolean hasMore) {}

    /// The oldest events of some shards, in sequence. Excludes shards whose lease this relay has
    /// lost by the database's clock, and keys whose next event is not due yet or lies before the
    /// first row to read, because it was released.
    ///
    /// @param busy keys that have events in memory
    /// @param from the first row to read
    /// @param limit the most events
    /// @param maxBytes the bytes of payload after which no other event is read
    OldestEvents findOldest(
            Collection<Shard> shards,
            Collection<String> busy,
            long from,
            int limit,
            long maxBytes) {
        ResultSetExtractor<OldestEvents> toOldestEvents =
                rows -> {
                    var events = new ArrayList<PendingEvent>();
                    long bytes = 0;
                    while (rows.next()) {
                        events.add(toPendingEvent(rows));
                        bytes = rows.getLong("bytes");
                    }
                    return new OldestEvents(events, events.size() == limit || bytes >= maxBytes);
                };
        return jdbc.sql(
                        "SELECT * FROM outbox_oldest(:from, :target, :relay, :shards, :busy, :limit, :maxBytes)")
                .param("from", from)
                .param("target", target)
                .param("relay", relayId)
                .param("shards", ShardLeases.numbers(shards))
                .param("busy", busy.toArray(String[]::new))
                .param("limit", limit)
                .param("maxBytes", maxBytes)
                .query(toOldestEvents);
    }

    /// What the outbox says about the rows that can be skipped.
    ///
    /// @param lowestId of the first row that is there; null when there is none
    /// @param oldestTransaction the oldest transaction that is open and writes
    /// @param nextTransaction which no transaction has yet
    record FloorSample(@Nullable Long lowestId, long oldestTransaction, long nextTransaction) {}

    /// Samples the first row of some shards.
    ///
    /// @param from the first row to read
    FloorSample sampleFloor(Collection<Shard> shards, long from) {
        return jdbc.sql(
                        """
                        SELECT outbox_lowest_id(:from, :target, :shards) AS lowest,
                               pg_snapshot_xmin(snapshot)::text::bigint AS oldest,
                               pg_snapshot_xmax(snapshot)::text::bigint AS next
                        FROM pg_current_snapshot() AS snapshot
                        """)
                .param("from", from)
                .param("target", target)
                .param("shards", ShardLeases.numbers(shards))
                .query(
                        (row, _) ->
                                new FloorSample(
                                        row.getObject("lowest", Long.class),
                                        row.getLong("oldest"),
                                        row.getLong("next")))
                .single();
    }

    /// Moves scheduled events that are due to the outbox, in the sequence of their times.
    void moveDue(Collection<Shard> shards) {
        committed.run(
                () ->
                        jdbc.sql(
                                        """
                        WITH due AS (
                            DELETE FROM outbox_scheduled WHERE id = ANY (ARRAY (
                                SELECT e.id FROM outbox_scheduled e
                                JOIN outbox_shard s ON s.target = e.target AND s.shard = e.shard
                                 AND s.lease_owner = :relay AND s.lease_expires_at > now()
                                WHERE e.deliver_at <= now() AND e.target = :target
                                  AND e.shard = ANY (:shards)
                                ORDER BY e.deliver_at, e.id LIMIT :limit))
                            RETURNING *
                        )
                        INSERT INTO outbox (target, shard, event_key, event_id, event_type, payload,
                                            content_type, headers, occurred_at)
                        SELECT target, shard, event_key, event_id, event_type, payload,
                               content_type, headers, occurred_at
                        FROM due ORDER BY deliver_at, id
                        """)
                                .param("relay", relayId)
                                .param("target", target)
                                .param("shards", ShardLeases.numbers(shards))
                                .param("limit", MAX_DUE)
                                .update());
    }

    /// Deletes events that the target has accepted, even if another relay owns the shard now.
    void deletePublished(Collection<PendingEvent> accepted) {
        var retried = accepted.stream().filter(PendingEvent::isRetried).toList();
        committed.run(
                () ->
                        jdbc.sql(
                                        "CALL outbox_delete_published(:ids, :target, :retriedKeys, :retriedIds)")
                                .param("ids", ids(accepted))
                                .param("target", target)
                                .param(
                                        "retriedKeys",
                                        retried.stream()
                                                .map(PendingEvent::key)
                                                .toArray(String[]::new))
                                .param("retriedIds", ids(retried))
                                .update());
    }

    private static Long[] ids(Collection<PendingEvent> events) {
        return events.stream().map(PendingEvent::rowId).toArray(Long[]::new);
    }

    /// Deletes what is known of retries whose time has come and whose event is gone, so that
    /// nothing reports a key as being retried, or as blocked, that has no event.
    void deleteObsoleteRetries() {
        committed.run(
                () ->
                        jdbc.sql(
                                        """
                        DELETE FROM outbox_retry r
                        WHERE r.target = :target AND r.not_before <= now()
                          AND NOT EXISTS (SELECT FROM outbox o WHERE o.id = r.outbox_id)
                        """)
                                .param("target", target)
                                .update());
    }

    /// An event that will be sent again later.
    ///
    /// @param token of the lease under which it was sent
    /// @param attempts how many attempts count so far
    /// @param deferrals how often it was deferred for reasons that are not its own; with the
    ///     attempts at least 1
    /// @param isBlocked whether it waits for access or configuration to be changed
    record EventDeferral(
            PendingEvent event,
            long token,
            int attempts,
            int deferrals,
            boolean isBlocked,
            Duration delay,
            String reason) {}

    /// Defers events, and with each all later ones of its key. Leaves those alone whose shard
    /// another relay owns now.
    ///
    /// @return how many were deferred
    int defer(List<EventDeferral> deferrals) {
        // The same lock order in all relays that defer events, so that these do not deadlock.
        var sorted =
                deferrals.stream().sorted(Comparator.comparing(it -> it.event().key())).toList();
        return committed.run(
                () ->
                        jdbc.sql(
                                        """
                        INSERT INTO outbox_retry
                               (target, event_key, outbox_id, attempts, deferrals, is_blocked, not_before, reason)
                        SELECT :target, late.event_key, late.id, late.attempts, late.deferrals, late.is_blocked,
                               now() + make_interval(secs => late.delay), late.reason
                        FROM unnest(:keys::text[], :ids::bigint[], :shards::smallint[], :tokens::bigint[],
                                    :attempts::int[], :deferrals::int[], :blocked::boolean[],
                                    :delays::double precision[], :reasons::text[])
                             AS late (event_key, id, shard, token, attempts, deferrals, is_blocked, delay, reason)
                        JOIN outbox_shard s ON s.target = :target AND s.shard = late.shard
                         AND s.token = late.token AND s.lease_owner = :relay AND s.lease_expires_at > now()
                        ON CONFLICT (target, event_key) DO UPDATE
                           SET outbox_id = excluded.outbox_id, attempts = excluded.attempts,
                               deferrals = excluded.deferrals, is_blocked = excluded.is_blocked,
                               not_before = excluded.not_before, reason = excluded.reason
                        """)
                                .param("target", target)
                                .param(
                                        "keys",
                                        column(sorted, it -> it.event().key(), String[]::new))
                                .param("ids", column(sorted, it -> it.event().rowId(), Long[]::new))
                                .param(
                                        "shards",
                                        column(
                                                sorted,
                                                it -> (short) it.event().shard().number(),
                                                Short[]::new))
                                .param("tokens", column(sorted, EventDeferral::token, Long[]::new))
                                .param(
                                        "attempts",
                                        column(sorted, EventDeferral::attempts, Integer[]::new))
                                .param(
                                        "deferrals",
                                        column(sorted, EventDeferral::deferrals, Integer[]::new))
                                .param(
                                        "blocked",
                                        column(sorted, EventDeferral::isBlocked, Boolean[]::new))
                                .param(
                                        "delays",
                                        column(
                                                sorted,
                                                it -> it.delay().toMillis() / 1000.0,
                                                Double[]::new))
                                .param(
                                        "reasons",
                                        column(sorted, EventDeferral::reason, String[]::new))
                                .param("relay", relayId)
                                .update());
    }

    private static <T> T[] column(
            List<EventDeferral> events, Function<EventDeferral, T> value, IntFunction<T[]> array) {
        return events.stream().map(value).toArray(array);
    }

    /// Moves an event to the parked events.
    ///
    /// @param token of the lease under which it was sent
    /// @param attempts how often it was rejected
    /// @return false when it is gone, or another relay owns the shard now
    boolean park(PendingEvent event, long token, int attempts, String reason) {
        return park(event, token, attempts, reason, () -> true);
    }

    /// Moves an event behind the parked events of its key.
    ///
    /// @param token of the lease under which it was read
    /// @return false when these were released meanwhile, it is gone, or another relay owns the
    ///     shard now
    boolean parkBehind(PendingEvent event, long token, String reason) {
        return park(event, token, event.attempts(), reason, () -> keepParked(event.key()));
    }

    /// Waits for a release that has begun, and lets none begin before this transaction ends.
    ///
    /// @return whether a key has parked events
    private boolean keepParked(String key) {
        return jdbc.sql(
                        """
                        SELECT id FROM outbox_parked WHERE event_key = :key AND target = :target
                        LIMIT 1 FOR KEY SHARE
                        """)
                .param("key", key)
                .param("target", target)
                .query(Long.class)
                .optional()
                .isPresent();
    }

    private boolean park(
            PendingEvent event, long token, int attempts, String reason, BooleanSupplier isNeeded) {
        return Boolean.TRUE.equals(
                transactions.execute(
                        _ -> {
                            if (!isNeeded.getAsBoolean()
                                    || !moveToParked(event, token, attempts, reason)) {
                                return false;
                            }
                            jdbc.sql(
                                            "DELETE FROM outbox_retry WHERE target = :target AND event_key = :key")
                                    .param("target", target)
                                    .param("key", event.key())
                                    .update();
                            parkedEventListener.onParked(event.event(), reason);
                            return true;
                        }));
    }

    private boolean moveToParked(PendingEvent event, long token, int attempts, String reason) {
        return jdbc.sql(
                                """
                                WITH moved AS (
                                    DELETE FROM outbox o USING outbox_shard s
                                    WHERE o.id = :id AND s.target = o.target AND s.shard = o.shard
                                      AND s.lease_owner = :relay AND s.token = :token AND s.lease_expires_at > now()
                                    RETURNING o.*
                                )
                                INSERT INTO outbox_parked
                                       (id, target, shard, event_key, event_id, event_type, payload,
                                        content_type, headers, occurred_at, stored_at, attempts, reason)
                                SELECT id, target, shard, event_key, event_id, event_type, payload,
                                       content_type, headers, occurred_at, stored_at, :attempts, :reason
                                FROM moved
                                """)
                        .param("id", event.rowId())
                        .param("relay", relayId)
                        .param("token", token)
                        .param("attempts", attempts)
                        .param("reason", reason)
                        .update()
                == 1;
    }

    private static PendingEvent toPendingEvent(ResultSet row) throws SQLException {
        OutboxEvent event;
        String unreadable = null;
        try {
            event = OutboxRows.toEvent(row);
        } catch (RuntimeException invalid) {
            // Written by something else than the publisher. It must not stop the others.
            event = OutboxRows.toPlaceholder(row);
            unreadable = "the row is no event: " + describe(invalid);
        }
        return new PendingEvent(
                row.getLong("id"),
                new Shard(row.getInt("shard")),
                row.getInt("attempts"),
                row.getInt("deferrals"),
                row.getBoolean("behind"),
                unreadable,
                event);
    }

    private static String describe(RuntimeException invalid) {
        return invalid instanceof IllegalArgumentException && invalid.getMessage() != null
                ? invalid.getMessage()
                : OutboxFailureDescription.of(invalid);
    }
}
