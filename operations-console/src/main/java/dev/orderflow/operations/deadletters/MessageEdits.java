package dev.orderflow.operations.deadletters;

import dev.orderflow.operations.redrive.RedriveTask;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The dead letters that were edited. An edit is recorded before its message is sent, so that the
/// original is never sent afterwards, whatever happens in between.
@Repository
class MessageEdits {

    private static final TypeReference<List<DeadLetterEditor.FieldDifference>> CHANGES =
            new TypeReference<>() {};

    private final JdbcClient jdbc;

    MessageEdits(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// An edit of a dead letter.
    ///
    /// @param redriveId the redrive that sends it
    /// @param sentId the id of the edited message; empty when it is not known whether it was sent
    record MessageEdit(UUID redriveId, String messageId, Optional<String> sentId) {

        RedriveAssessment assessment() {
            return sentId.isPresent()
                    ? RedriveAssessment.REPLACED
                    : RedriveAssessment.EDIT_INTERRUPTED;
        }
    }

    /// The edits of these messages, by message id.
    Map<String, MessageEdit> find(String queue, Collection<DeadLetter> messages) {
        return findByIds(queue, messages.stream().map(DeadLetter::id).toList());
    }

    Map<String, MessageEdit> findByIds(String queue, Collection<String> messageIds) {
        if (messageIds.isEmpty()) {
            return Map.of();
        }
        return jdbc
                .sql(
                        """
                        SELECT redrive_id, message_id, sent_id FROM message_edit
                         WHERE queue = :queue AND message_id = ANY (:ids)
                        """)
                .param("queue", queue)
                .param("ids", messageIds.toArray(String[]::new))
                .query(
                        (row, _) ->
                                new MessageEdit(
                                        row.getObject("redrive_id", UUID.class),
                                        row.getString("message_id"),
                                        Optional.ofNullable(row.getString("sent_id"))))
                .list()
                .stream()
                .collect(Collectors.toMap(MessageEdit::messageId, edit -> edit));
    }

    Optional<MessageEdit> find(String queue, DeadLetter message) {
        return Optional.ofNullable(find(queue, List.of(message)).get(message.id()));
    }

    /// The edit of a redrive, if it has begun to send it.
    Optional<DeadLetterEditor.StoredEdit> findByRedrive(UUID redriveId) {
        return jdbc.sql(
                        """
                        SELECT message_id, sent_id, changes FROM message_edit WHERE redrive_id = :redrive
                        """)
                .param("redrive", redriveId)
                .query(
                        (row, _) ->
                                new DeadLetterEditor.StoredEdit(
                                        row.getString("message_id"),
                                        Optional.ofNullable(row.getString("sent_id")),
                                        JsonMapper.shared()
                                                .readValue(row.getString("changes"), CHANGES)))
                .optional();
    }

    /// Records that an edited message is about to be sent. An earlier edit of the same message that
    /// was interrupted is replaced.
    ///
    /// @return false when an edited message was sent before
    boolean begin(RedriveTask task, DeadLetter message, List<EditableMessage.FieldChange> changes) {
        return jdbc.sql(
                                """
                                INSERT INTO message_edit (queue, message_id, redrive_id, order_id, changes)
                                VALUES (:queue, :message, :redrive, :order, CAST(:changes AS jsonb))
                                ON CONFLICT ON CONSTRAINT message_edit_key DO UPDATE
                                   SET redrive_id = excluded.redrive_id, changes = excluded.changes,
                                       recorded_at = now()
                                 WHERE message_edit.sent_id IS NULL
                                """)
                        .param("queue", task.target())
                        .param("message", message.id())
                        .param("redrive", task.id())
                        .param("order", message.contents().orderId().orElse(null))
                        .param("changes", JsonMapper.shared().writeValueAsString(changes))
                        .update()
                == 1;
    }

    /// Records the id of the edited message.
    void recordSent(RedriveTask task, DeadLetter message, String sentId) {
        jdbc.sql(
                        """
                        UPDATE message_edit SET sent_id = :sent, sent_at = now()
                         WHERE queue = :queue AND message_id = :message AND redrive_id = :redrive
                        """)
                .param("sent", sentId)
                .param("queue", task.target())
                .param("message", message.id())
                .param("redrive", task.id())
                .update();
    }
}
