package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.database.IntervalSeconds;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.operations.redrive.RedriveTask;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Discarded dead letters with their bodies, as long as their queue would have kept them.
@Repository
class DiscardedMessages {

    /// Longer than a call of SQS.
    private static final Duration RESTORE_LEASE = Duration.ofMinutes(1);

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private final JdbcClient jdbc;

    DiscardedMessages(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Stores a message before it is deleted. One that is stored already was not deleted then, or
    /// it is not known; it may have been restored meanwhile.
    ///
    /// @param retention how long its queue keeps it
    void store(RedriveTask task, DeadLetter message, Duration retention) {
        var texts = new LinkedHashMap<String, String>();
        message.message()
                .messageAttributes()
                .forEach(
                        (name, value) -> {
                            if (value.stringValue() != null) {
                                texts.put(name, value.stringValue());
                            }
                        });
        jdbc.sql(
                        """
                        INSERT INTO discarded_message
                               (queue, message_id, redrive_id, order_id, type, fingerprint, cause, body, attributes,
                                discarded_by, discarded_by_name, reason, expires_at)
                        VALUES (:queue, :message, :redrive, :order, :type, :fingerprint, :cause, :body,
                                CAST(:attributes AS jsonb), :operator, :name, :reason, :expires)
                        ON CONFLICT ON CONSTRAINT discarded_message_key DO UPDATE
                           SET redrive_id = excluded.redrive_id, body = excluded.body,
                               attributes = excluded.attributes,
                               discarded_by = excluded.discarded_by,
                               discarded_by_name = excluded.discarded_by_name,
                               reason = excluded.reason, discarded_at = now(),
                               restored_by = NULL, restored_by_name = NULL, restored_id = NULL,
                               restored_at = NULL, restore_lease_expires_at = '-infinity'
                        """)
                .param("queue", task.target())
                .param("message", message.id())
                .param("redrive", task.id())
                .param("order", message.contents().orderId().orElse(null))
                .param("type", message.contents().type())
                .param("fingerprint", message.cause().fingerprint())
                .param("cause", message.cause().reason())
                .param("body", message.message().body())
                .param("attributes", JSON.writeValueAsString(texts))
                .param("operator", task.operator().subject())
                .param("name", task.operator().name())
                .param("reason", task.reason())
                .param("expires", message.sentAt().plus(retention).atOffset(ZoneOffset.UTC))
                .update();
    }

    /// Removes a message that is certainly still in its queue.
    void remove(String queue, String messageId) {
        jdbc.sql("DELETE FROM discarded_message WHERE queue = :queue AND message_id = :message")
                .param("queue", queue)
                .param("message", messageId)
                .update();
    }

    boolean isDiscardedBy(UUID redriveId, String queue, String messageId) {
        return jdbc.sql(
                        """
                        SELECT EXISTS (SELECT FROM discarded_message
                                        WHERE queue = :queue AND message_id = :message AND redrive_id = :redrive)
                        """)
                .param("queue", queue)
                .param("message", messageId)
                .param("redrive", redriveId)
                .query(Boolean.class)
                .single();
    }

    /// The discarded messages, the latest first.
    ///
    /// @param after the last one of the page before
    List<DiscardedMessage> find(
            Optional<String> queue,
            Optional<UUID> orderId,
            Optional<DiscardedMessage> after,
            int limit) {
        return jdbc.sql(
                        """
                        SELECT * FROM discarded_message
                         WHERE expires_at > now()
                           AND (:queue::text IS NULL OR queue = :queue)
                           AND (:order::uuid IS NULL OR order_id = :order)
                           AND (:message::text IS NULL
                                OR (discarded_at, message_id) < (:at::timestamptz, :message::text))
                         ORDER BY discarded_at DESC, message_id DESC LIMIT :limit
                        """)
                .param("queue", queue.orElse(null))
                .param("order", orderId.orElse(null))
                .param("message", after.map(DiscardedMessage::messageId).orElse(null))
                .param(
                        "at",
                        after.map(it -> it.discardedAt().atOffset(ZoneOffset.UTC)).orElse(null))
                .param("limit", limit)
                .query((row, _) -> message(row))
                .list();
    }

    Optional<DiscardedMessage> find(String queue, String messageId) {
        return jdbc.sql(
                        """
                        SELECT * FROM discarded_message
                         WHERE queue = :queue AND message_id = :message AND expires_at > now()
                        """)
                .param("queue", queue)
                .param("message", messageId)
                .query((row, _) -> message(row))
                .optional();
    }

    /// A body with the attributes of its message.
    record StoredMessage(String body, Map<String, String> attributes) {

        /// Without the body.
        @Override
        public String toString() {
            return "StoredMessage";
        }
    }

    /// Takes a message for its restoration.
    ///
    /// @return empty when it was restored, its retention is over, or another restoration is running
    Optional<StoredMessage> take(String queue, String messageId, Operator operator) {
        return jdbc.sql(
                        """
                        UPDATE discarded_message
                           SET restored_by = :operator, restored_by_name = :name,
                               restore_lease_expires_at = now() + make_interval(secs => :lease)
                         WHERE queue = :queue AND message_id = :message AND expires_at > now()
                           AND restored_id IS NULL AND restore_lease_expires_at < now()
                        RETURNING body, attributes
                        """)
                .param("operator", operator.subject())
                .param("name", operator.name())
                .param("lease", IntervalSeconds.of(RESTORE_LEASE))
                .param("queue", queue)
                .param("message", messageId)
                .query(
                        (row, _) ->
                                new StoredMessage(
                                        row.getString("body"),
                                        JSON.readValue(row.getString("attributes"), TEXTS)))
                .optional();
    }

    /// Records that a message was restored, and deletes its body here.
    void recordRestored(String queue, String messageId, String restoredId) {
        jdbc.sql(
                        """
                        UPDATE discarded_message
                           SET restored_id = :restored, restored_at = now(), body = NULL, attributes = '{}'
                         WHERE queue = :queue AND message_id = :message
                        """)
                .param("restored", restoredId)
                .param("queue", queue)
                .param("message", messageId)
                .update();
    }

    /// Lets a restoration that failed be repeated at once.
    void release(String queue, String messageId) {
        jdbc.sql(
                        """
                        UPDATE discarded_message SET restore_lease_expires_at = '-infinity'
                         WHERE queue = :queue AND message_id = :message AND restored_id IS NULL
                        """)
                .param("queue", queue)
                .param("message", messageId)
                .update();
    }

    /// Deletes the messages whose retention is over.
    int deleteExpired() {
        return jdbc.sql("DELETE FROM discarded_message WHERE expires_at <= now()").update();
    }

    private static DiscardedMessage message(ResultSet row) throws SQLException {
        return new DiscardedMessage(
                row.getString("queue"),
                row.getString("message_id"),
                row.getObject("redrive_id", UUID.class),
                Optional.ofNullable(row.getObject("order_id", UUID.class)),
                row.getString("type"),
                row.getString("fingerprint"),
                row.getString("cause"),
                row.getString("discarded_by"),
                row.getString("discarded_by_name"),
                row.getString("reason"),
                row.getTimestamp("discarded_at").toInstant(),
                row.getTimestamp("expires_at").toInstant(),
                Optional.ofNullable(row.getString("restored_id")),
                instant(row, "restored_at"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }
}
