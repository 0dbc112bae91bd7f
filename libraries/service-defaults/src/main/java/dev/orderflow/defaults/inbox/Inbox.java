package dev.orderflow.defaults.inbox;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The ids of the messages that a service has handled. Its table, in each service that uses it:
///
/// ```sql
/// CREATE TABLE inbox (
///     consumer    text        NOT NULL,
///     message_id  text        NOT NULL,
///     handled_at  timestamptz NOT NULL DEFAULT now(),
///     CONSTRAINT handled_once PRIMARY KEY (consumer, message_id)
/// );
/// ```
///
/// The ids are kept. A redriven message starts a new retention period in its queue, so it may come
/// again at any age, and without its id it would be handled as a new one: order-service would open
/// another work item for a report that contradicted its order. The table grows by one short row for
/// each handled message, so no faster than the tables of the effects, which are kept, too.
///
/// Call it first in the transaction of the effect. A second delivery at the same time waits for
/// that transaction and then sees whether it was committed.
public final class Inbox {

    private final JdbcClient jdbc;

    Inbox(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Records a message as handled, in the transaction of the caller.
    ///
    /// @param consumer the consumer that handles it: a service may have several consumers of one
    ///     message
    /// @param messageId the publisher's id of the event, not the message id of SQS
    /// @return false if it was recorded before
    public boolean recordIfNew(String consumer, String messageId) {
        return jdbc.sql(
                                """
                                INSERT INTO inbox (consumer, message_id) VALUES (:consumer, :id)
                                ON CONFLICT DO NOTHING
                                """)
                        .param("consumer", consumer)
                        .param("id", messageId)
                        .update()
                == 1;
    }

    /// As [#recordIfNew(String, String)] for a batch, in one round trip.
    ///
    /// @return the ids that were not recorded before
    public Set<String> recordIfNew(String consumer, Collection<String> messageIds) {
        if (messageIds.isEmpty()) {
            return Set.of();
        }
        // Sorted, so that two instances with overlapping batches cannot deadlock.
        var sorted = messageIds.stream().distinct().sorted().toArray(String[]::new);
        return new HashSet<>(
                jdbc.sql(
                                """
                                INSERT INTO inbox (consumer, message_id)
                                SELECT :consumer, id FROM unnest(:ids::text[]) WITH ORDINALITY AS m (id, place)
                                ORDER BY place
                                ON CONFLICT DO NOTHING
                                RETURNING message_id
                                """)
                        .param("consumer", consumer)
                        .param("ids", sorted)
                        .query((row, _) -> row.getString("message_id"))
                        .list());
    }
}
