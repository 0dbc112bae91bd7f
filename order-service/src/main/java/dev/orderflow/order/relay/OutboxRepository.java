package dev.orderflow.order.relay;

import dev.orderflow.order.outbox.Shard;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// The outbox tables as one relay uses them. Every statement is a short transaction of its own;
/// only [#park] combines several in one. [#deletePublished] may run two: a failure between them
/// leaves a row in `outbox_retry` whose event is gone, which the next deferral of that order
/// replaces.
final class OutboxRepository {

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final ParkedEventListener parkedEventListener;
    private final UUID relayId;

    OutboxRepository(
            JdbcClient jdbc,
            TransactionOperations transactions,
            ParkedEventListener parkingLot,
            UUID relayId) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.parkedEventListener = parkingLot;
        this.relayId = relayId;
    }

    /// Called for every event that is parked, in the same transaction.
    interface ParkedEventListener {
        void onParked(UUID orderId, String eventType, String reason);
    }

    /// The oldest events of some shards, in sequence. Excludes shards whose lease this relay has
    /// lost by the database's clock, and orders whose next event is not due yet.
    ///
    /// @param busy orders that have events in memory
    List<PendingEvent> findOldest(Collection<Shard> shards, Collection<UUID> busy, int limit) {
        return jdbc.sql(
                        """
                        SELECT o.id, o.shard, o.order_id, o.event_id, o.event_type, o.detail, o.occurred_at,
                               CASE WHEN r.outbox_id = o.id THEN r.attempts ELSE 0 END AS attempts,
                               CASE WHEN r.outbox_id = o.id THEN r.deferrals ELSE 0 END AS deferrals,
                               EXISTS (SELECT FROM outbox_parked p WHERE p.order_id = o.order_id) AS behind
                        FROM outbox o
                        LEFT JOIN outbox_retry r ON r.order_id = o.order_id
                        WHERE o.shard = ANY (ARRAY (
                                  SELECT s.shard FROM outbox_shard s
                                  WHERE s.owner = :relay AND s.expires_at > now() AND s.shard = ANY (:shards)))
                          AND (r.not_before IS NULL OR r.not_before <= now())
                          AND o.order_id <> ALL (:busy::uuid[])
                        ORDER BY o.id
                        LIMIT :limit
                        """)
                .param("relay", relayId)
                .param("shards", ShardLeases.numbers(shards))
                .param("busy", busy.stream().map(UUID::toString).toArray(String[]::new))
                .param("limit", limit)
                .query((row, _) -> toPendingEvent(row))
                .list();
    }

    /// Deletes events that the bus has accepted, even if another relay owns the shard now.
    void deletePublished(Collection<PendingEvent> accepted) {
        var ids = accepted.stream().map(PendingEvent::id).toArray(Long[]::new);
        jdbc.sql("DELETE FROM outbox WHERE id = ANY (:ids)").param("ids", ids).update();
        var retried = accepted.stream().filter(PendingEvent::isRetried).toList();
        if (!retried.isEmpty()) {
            jdbc.sql("DELETE FROM outbox_retry WHERE outbox_id = ANY (:ids)")
                    .param("ids", retried.stream().map(PendingEvent::id).toArray(Long[]::new))
                    .update();
        }
    }

    /// An event that will be retried later.
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

    /// Defers events, and with each all later ones of its order. Leaves those alone whose shard
    /// another relay owns now.
    ///
    /// @return how many were deferred
    int defer(List<EventDeferral> events) {
        // The same lock order in all relays, so that no two deadlock.
        var sorted =
                events.stream()
                        .sorted(Comparator.comparing(it -> it.event().orderId().toString()))
                        .toList();
        return jdbc.sql(
                        """
                        INSERT INTO outbox_retry
                               (order_id, outbox_id, attempts, deferrals, is_blocked, not_before, reason)
                        SELECT late.order_id, late.id, late.attempts, late.deferrals, late.is_blocked,
                               now() + make_interval(secs => late.delay), late.reason
                        FROM unnest(:orders::uuid[], :ids::bigint[], :shards::smallint[], :tokens::bigint[],
                                    :attempts::int[], :deferrals::int[], :blocked::boolean[],
                                    :delays::double precision[], :reasons::text[])
                             AS late (order_id, id, shard, token, attempts, deferrals, is_blocked, delay, reason)
                        JOIN outbox_shard s ON s.shard = late.shard AND s.token = late.token
                         AND s.owner = :relay AND s.expires_at > now()
                        ON CONFLICT (order_id) DO UPDATE
                           SET outbox_id = excluded.outbox_id, attempts = excluded.attempts,
                               deferrals = excluded.deferrals, is_blocked = excluded.is_blocked,
                               not_before = excluded.not_before, reason = excluded.reason
                        """)
                .param(
                        "orders",
                        column(sorted, it -> it.event().orderId().toString(), String[]::new))
                .param("ids", column(sorted, it -> it.event().id(), Long[]::new))
                .param(
                        "shards",
                        column(sorted, it -> (short) it.event().shard().number(), Short[]::new))
                .param("tokens", column(sorted, EventDeferral::token, Long[]::new))
                .param("attempts", column(sorted, EventDeferral::attempts, Integer[]::new))
                .param("deferrals", column(sorted, EventDeferral::deferrals, Integer[]::new))
                .param("blocked", column(sorted, EventDeferral::isBlocked, Boolean[]::new))
                .param(
                        "delays",
                        column(sorted, it -> it.delay().toMillis() / 1000.0, Double[]::new))
                .param("reasons", column(sorted, EventDeferral::reason, String[]::new))
                .param("relay", relayId)
                .update();
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
        return Boolean.TRUE.equals(
                transactions.execute(
                        _ -> {
                            if (!moveToParked(event, token, attempts, reason)) {
                                return false;
                            }
                            jdbc.sql("DELETE FROM outbox_retry WHERE order_id = :order")
                                    .param("order", event.orderId())
                                    .update();
                            parkedEventListener.onParked(
                                    event.orderId(), event.event().type(), reason);
                            return true;
                        }));
    }

    private boolean moveToParked(PendingEvent event, long token, int attempts, String reason) {
        return jdbc.sql(
                                """
                                WITH moved AS (
                                    DELETE FROM outbox o USING outbox_shard s
                                    WHERE o.id = :id AND s.shard = o.shard
                                      AND s.owner = :relay AND s.token = :token AND s.expires_at > now()
                                    RETURNING o.*
                                )
                                INSERT INTO outbox_parked
                                       (id, shard, order_id, event_id, event_type, detail, occurred_at,
                                        added_at, attempts, reason)
                                SELECT id, shard, order_id, event_id, event_type, detail, occurred_at,
                                       added_at, :attempts, :reason
                                FROM moved
                                """)
                        .param("id", event.id())
                        .param("relay", relayId)
                        .param("token", token)
                        .param("attempts", attempts)
                        .param("reason", reason)
                        .update()
                == 1;
    }

    private static PendingEvent toPendingEvent(ResultSet row) throws SQLException {
        return new PendingEvent(
                row.getLong("id"),
                new Shard(row.getInt("shard")),
                row.getObject("order_id", UUID.class),
                row.getInt("attempts"),
                row.getInt("deferrals"),
                row.getBoolean("behind"),
                new OutgoingEvent(
                        row.getString("event_id"),
                        row.getString("event_type"),
                        row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                        row.getString("detail")));
    }
}
