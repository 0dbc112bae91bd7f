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

/// The outbox as one relay sees it. Each call is a short transaction of its own.
final class Backlog {

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final ParkingLot parkingLot;
    private final UUID me;

    Backlog(JdbcClient jdbc, TransactionOperations transactions, ParkingLot parkingLot, UUID me) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.parkingLot = parkingLot;
        this.me = me;
    }

    /// Hears of every event that is parked, in the same transaction.
    interface ParkingLot {
        void parked(UUID orderId, String eventType, String reason);
    }

    /// The oldest events of some shards, in sequence. Only of shards that are this relay's by the
    /// database's clock, and of no order whose next event is not due yet.
    ///
    /// @param busy orders that are being worked on
    List<WaitingEvent> oldest(Collection<Shard> shards, Collection<UUID> busy, int limit) {
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
                                  WHERE s.owner = :me AND s.expires_at > now() AND s.shard = ANY (:shards)))
                          AND (r.not_before IS NULL OR r.not_before <= now())
                          AND o.order_id <> ALL (:busy::uuid[])
                        ORDER BY o.id
                        LIMIT :limit
                        """)
                .param("me", me)
                .param("shards", ShardLeases.numbers(shards))
                .param("busy", busy.stream().map(UUID::toString).toArray(String[]::new))
                .param("limit", limit)
                .query((row, _) -> waiting(row))
                .list();
    }

    /// Deletes what the bus has accepted, whoever owns its shard by now: publishing it once more
    /// would help nobody.
    void published(Collection<WaitingEvent> accepted) {
        var ids = accepted.stream().map(WaitingEvent::id).toArray(Long[]::new);
        jdbc.sql("DELETE FROM outbox WHERE id = ANY (:ids)").param("ids", ids).update();
        var retried = accepted.stream().filter(WaitingEvent::isRetried).toList();
        if (!retried.isEmpty()) {
            jdbc.sql("DELETE FROM outbox_retry WHERE outbox_id = ANY (:ids)")
                    .param("ids", retried.stream().map(WaitingEvent::id).toArray(Long[]::new))
                    .update();
        }
    }

    /// An event that is to be tried again later.
    ///
    /// @param token of the lease under which it was tried
    /// @param attempts how many count by now
    /// @param deferrals how often it was put off by now without counting; with the attempts at
    ///     least 1
    /// @param isBlocked whether it waits for access or configuration to be changed
    record Postponed(
            WaitingEvent event,
            long token,
            int attempts,
            int deferrals,
            boolean isBlocked,
            Duration delay,
            String reason) {}

    /// Puts events off, and with each all later ones of its order. Those whose shard another relay
    /// owns by now are left alone: it has the say.
    ///
    /// @return how many
    int putOff(List<Postponed> events) {
        // In one sequence for all relays, so that no two wait for each other.
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
                         AND s.owner = :me AND s.expires_at > now()
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
                .param("tokens", column(sorted, Postponed::token, Long[]::new))
                .param("attempts", column(sorted, Postponed::attempts, Integer[]::new))
                .param("deferrals", column(sorted, Postponed::deferrals, Integer[]::new))
                .param("blocked", column(sorted, Postponed::isBlocked, Boolean[]::new))
                .param(
                        "delays",
                        column(sorted, it -> it.delay().toMillis() / 1000.0, Double[]::new))
                .param("reasons", column(sorted, Postponed::reason, String[]::new))
                .param("me", me)
                .update();
    }

    private static <T> T[] column(
            List<Postponed> events, Function<Postponed, T> value, IntFunction<T[]> array) {
        return events.stream().map(value).toArray(array);
    }

    /// Moves an event out of the way.
    ///
    /// @param token of the lease under which it was tried
    /// @param attempts how often it was refused
    /// @return false when it is gone, or another relay owns the shard by now
    boolean park(WaitingEvent event, long token, int attempts, String reason) {
        return Boolean.TRUE.equals(
                transactions.execute(
                        _ -> {
                            if (!moved(event, token, attempts, reason)) {
                                return false;
                            }
                            jdbc.sql("DELETE FROM outbox_retry WHERE order_id = :order")
                                    .param("order", event.orderId())
                                    .update();
                            parkingLot.parked(event.orderId(), event.event().type(), reason);
                            return true;
                        }));
    }

    private boolean moved(WaitingEvent event, long token, int attempts, String reason) {
        return jdbc.sql(
                                """
                                WITH moved AS (
                                    DELETE FROM outbox o USING outbox_shard s
                                    WHERE o.id = :id AND s.shard = o.shard
                                      AND s.owner = :me AND s.token = :token AND s.expires_at > now()
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
                        .param("me", me)
                        .param("token", token)
                        .param("attempts", attempts)
                        .param("reason", reason)
                        .update()
                == 1;
    }

    private static WaitingEvent waiting(ResultSet row) throws SQLException {
        return new WaitingEvent(
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
