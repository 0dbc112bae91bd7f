package dev.orderflow.order.relay;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.order.outbox.EventStored;
import dev.orderflow.order.outbox.Shard;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Events that were given up, for a person to look at and to send on once the reason is gone.
@Component
class ParkedEvents {

    private static final Logger log = LoggerFactory.getLogger(ParkedEvents.class);

    private final JdbcClient jdbc;
    private final ApplicationEventPublisher listeners;

    ParkedEvents(JdbcClient jdbc, ApplicationEventPublisher listeners) {
        this.jdbc = jdbc;
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
    List<ParkedEvent> oldest(int limit) {
        return jdbc.sql(
                        """
                        SELECT event_id, order_id, event_type, occurred_at, attempts, reason, parked_at
                        FROM outbox_parked ORDER BY id LIMIT :limit
                        """)
                .param("limit", limit)
                .query((row, _) -> ParkedEvent.from(row))
                .list();
    }

    /// Puts all parked events of an order back to be published, in their sequence.
    ///
    /// @return how many; none when none was parked
    @Transactional
    public int release(UUID orderId) {
        int released =
                jdbc.sql(
                                """
                                WITH released AS (
                                    DELETE FROM outbox_parked WHERE order_id = :order RETURNING *
                                )
                                INSERT INTO outbox (id, shard, order_id, event_id, event_type, detail,
                                                    occurred_at, added_at)
                                OVERRIDING SYSTEM VALUE
                                SELECT id, shard, order_id, event_id, event_type, detail,
                                       occurred_at, added_at
                                FROM released
                                """)
                        .param("order", orderId)
                        .update();
        if (released > 0) {
            log.info("{} parked events of order {} are released", released, orderId);
            listeners.publishEvent(new EventStored(orderId, Shard.of(orderId), "released"));
        }
        return released;
    }
}
