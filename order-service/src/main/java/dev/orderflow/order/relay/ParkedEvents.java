package dev.orderflow.order.relay;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.order.outbox.EventStored;
import dev.orderflow.order.outbox.Shard;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/// Events that were given up, for a person to look at and to send on once the reason is gone.
@Component
class ParkedEvents {

    private static final Logger log = LoggerFactory.getLogger(ParkedEvents.class);

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final ApplicationEventPublisher listeners;

    ParkedEvents(
            JdbcClient jdbc,
            TransactionOperations transactions,
            ApplicationEventPublisher listeners) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.listeners = listeners;
    }

    /// A parked event, without its detail.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ParkedEvent(
            String eventId,
            UUID orderId,
            String type,
            Instant occurredAt,
            int attempts,
            String reason,
            Instant parkedAt) {

        private static ParkedEvent from(ResultSet row) throws SQLException {
            return new ParkedEvent(
                    row.getString("event_id"),
                    row.getObject("order_id", UUID.class),
                    row.getString("event_type"),
                    row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                    row.getInt("attempts"),
                    row.getString("reason"),
                    row.getObject("parked_at", OffsetDateTime.class).toInstant());
        }
    }

    /// The oldest parked events.
    List<ParkedEvent> findOldest(int limit) {
        return jdbc.sql(
                        """
                        SELECT event_id, order_id, event_type, occurred_at, attempts, reason, parked_at
                        FROM outbox_parked ORDER BY id LIMIT :limit
                        """)
                .param("limit", limit)
                .query((row, _) -> ParkedEvent.from(row))
                .list();
    }

    /// A reason for which events are parked.
    ///
    /// @param orders that have an event parked for it
    /// @param events parked for it
    /// @param oldest when the first of them was parked
    record ParkedReason(String reason, int orders, int events, Instant oldest) {}

    /// Why events are parked, the reason of the most orders first. Later events of these orders
    /// are not a reason of their own.
    List<ParkedReason> findReasons() {
        return jdbc.sql(
                        """
                        SELECT reason, count(DISTINCT order_id) AS orders, count(*) AS events,
                               min(parked_at) AS oldest
                        FROM outbox_parked GROUP BY reason ORDER BY orders DESC, reason LIMIT 200
                        """)
                .query(
                        (row, _) ->
                                new ParkedReason(
                                        row.getString("reason"),
                                        row.getInt("orders"),
                                        row.getInt("events"),
                                        row.getObject("oldest", OffsetDateTime.class).toInstant()))
                .list();
    }

    /// What was put back to be published.
    record ReleaseResult(int orders, int events) {}

    /// Puts all parked events of an order back to be published, in their sequence.
    ReleaseResult release(UUID orderId) {
        var released =
                release(
                        "SELECT CAST(:order AS uuid) AS order_id",
                        statement -> statement.param("order", orderId));
        if (released.events() > 0) {
            log.info("released {} parked events of order {}", released.events(), orderId);
        }
        return released;
    }

    /// Puts back to be published what is parked for a reason, and with each such event all others
    /// of its order, in their sequence. Every few hundred orders are a transaction of their own, so
    /// that neither a lock nor a time-out depends on how many there are; repeating it after a
    /// failure goes on with the rest.
    ReleaseResult release(String reason) {
        int orders = 0;
        int events = 0;
        ReleaseResult some;
        do {
            some =
                    release(
                            """
                            SELECT order_id FROM outbox_parked WHERE reason = :reason
                            GROUP BY order_id ORDER BY min(id) LIMIT 500
                            """,
                            statement -> statement.param("reason", reason));
            orders += some.orders();
            events += some.events();
        } while (some.events() > 0);
        log.info("released {} parked events of {} orders: {}", events, orders, reason);
        return new ReleaseResult(orders, events);
    }

    /// Orders that were before a person for it are so no more.
    private ReleaseResult release(
            String chosen, UnaryOperator<JdbcClient.StatementSpec> parameters) {
        return Objects.requireNonNull(
                transactions.execute(
                        _ -> {
                            var orders =
                                    parameters
                                            .apply(
                                                    jdbc.sql(
                                                            """
                                                            WITH chosen AS (%s),
                                                            released AS (
                                                                DELETE FROM outbox_parked
                                                                WHERE order_id IN (SELECT order_id FROM chosen)
                                                                RETURNING *),
                                                            settled AS (
                                                                UPDATE work_item
                                                                   SET resolved_at = now(),
                                                                       resolved_by = 'parked events released'
                                                                 WHERE order_id IN (SELECT order_id FROM released)
                                                                   AND kind = 'EVENT_PARKED' AND resolved_at IS NULL),
                                                            waiting AS (
                                                                INSERT INTO outbox (id, shard, order_id, event_id,
                                                                       event_type, detail, occurred_at, added_at)
                                                                OVERRIDING SYSTEM VALUE
                                                                SELECT id, shard, order_id, event_id,
                                                                       event_type, detail, occurred_at, added_at
                                                                FROM released)
                                                            SELECT order_id, count(*) AS events
                                                            FROM released GROUP BY order_id
                                                            """
                                                                    .formatted(chosen)))
                                            .query(
                                                    (row, _) ->
                                                            Map.entry(
                                                                    row.getObject(
                                                                            "order_id", UUID.class),
                                                                    row.getInt("events")))
                                            .list();
                            orders.forEach(
                                    it ->
                                            listeners.publishEvent(
                                                    new EventStored(
                                                            it.getKey(),
                                                            Shard.of(it.getKey()),
                                                            "released")));
                            return new ReleaseResult(
                                    orders.size(),
                                    orders.stream().mapToInt(Map.Entry::getValue).sum());
                        }));
    }
}
