package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.services.AwsFailureDescription;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import software.amazon.awssdk.core.exception.SdkException;

/// Lists discarded messages and restores them to their dead-letter queues.
@Service
public class DiscardedMessageService {

    private static final Logger log = LoggerFactory.getLogger(DiscardedMessageService.class);

    private static final Pattern CURSOR =
            Pattern.compile("([A-Za-z0-9_-]{1,80})/(" + DiscardedMessage.MESSAGE_ID_REGEX + ")");

    private final DiscardedMessages discarded;
    private final DeadLetterQueues queues;
    private final DeadLetterIndex index;
    private final MessageEdits edits;
    private final AuditTrail auditTrail;

    DiscardedMessageService(
            DiscardedMessages discarded,
            DeadLetterQueues queues,
            DeadLetterIndex index,
            MessageEdits edits,
            AuditTrail auditTrail) {
        this.discarded = discarded;
        this.queues = queues;
        this.index = index;
        this.edits = edits;
        this.auditTrail = auditTrail;
    }

    /// The result of [#restore].
    public sealed interface RestoreResult {

        /// @param newMessageId its id in the dead-letter queue
        record MessageRestored(String newMessageId) implements RestoreResult {}

        /// There is no such discarded message, or its retention is over.
        record NotDiscarded() implements RestoreResult {}

        /// @param newMessageId the id that it got then
        record RestoredBefore(String newMessageId) implements RestoreResult {}

        /// Another operator restores it now.
        record RestorationRunning() implements RestoreResult {}

        /// An edited message was or may have been sent in its place, so it must not return.
        record OriginalOfAnEdit() implements RestoreResult {}

        /// @param problem why, as text for operators; it can be repeated
        record RestorationFailed(String problem) implements RestoreResult {}
    }

    /// The discarded messages that can still be restored or were, the latest first.
    ///
    /// @param after the last one of the page before
    public List<DiscardedMessage> find(
            Optional<String> queue,
            Optional<UUID> orderId,
            Optional<DiscardedMessage> after,
            int limit) {
        return discarded.find(queue, orderId, after, limit);
    }

    /// Finds the message of a cursor.
    ///
    /// @return empty when it is no cursor, or the retention of its message is over
    public Optional<DiscardedMessage> findByCursor(String cursor) {
        var parts = CURSOR.matcher(cursor);
        return Optional.of(parts)
                .filter(Matcher::matches)
                .flatMap(_ -> discarded.find(parts.group(1), parts.group(2)));
    }

    /// Sends a discarded message to its dead-letter queue. Its retention there begins anew.
    ///
    /// A crash after it was sent leaves it restorable once more; its consumer recognises the
    /// duplicate.
    public RestoreResult restore(String queue, String messageId, Operator operator, String reason) {
        var found = discarded.find(queue, messageId);
        if (found.isEmpty()) {
            return new RestoreResult.NotDiscarded();
        }
        if (found.get().restoredId().isPresent()) {
            return new RestoreResult.RestoredBefore(found.get().restoredId().get());
        }
        if (!edits.findByIds(queue, List.of(messageId)).isEmpty()) {
            return new RestoreResult.OriginalOfAnEdit();
        }
        var message = discarded.take(queue, messageId, operator);
        if (message.isEmpty()) {
            return discarded
                    .find(queue, messageId)
                    .flatMap(DiscardedMessage::restoredId)
                    .<RestoreResult>map(RestoreResult.RestoredBefore::new)
                    .orElseGet(RestoreResult.RestorationRunning::new);
        }
        var subject = found.get().orderId().map(UUID::toString).orElse(messageId);
        auditTrail.record(
                operator,
                "RESTORE_MESSAGE",
                subject,
                reason,
                "to=%s message=%s".formatted(queue, messageId));
        try {
            var restoredId = queues.sendTo(queue, message.get().body(), message.get().attributes());
            discarded.recordRestored(queue, messageId, restoredId);
            auditTrail.record(
                    operator,
                    "MESSAGE_RESTORED",
                    subject,
                    reason,
                    "to=%s message=%s newMessage=%s".formatted(queue, messageId, restoredId));
            index.requestScan(queue);
            return new RestoreResult.MessageRestored(restoredId);
        } catch (SdkException failure) {
            var problem = AwsFailureDescription.describe("SQS", failure);
            log.warn("discarded message {} of {} not restored: {}", messageId, queue, problem);
            discarded.release(queue, messageId);
            return new RestoreResult.RestorationFailed(problem);
        }
    }

    /// Deletes the messages whose retention is over.
    void deleteExpired() {
        int deleted = discarded.deleteExpired();
        if (deleted > 0) {
            log.info("{} discarded messages deleted after their retention", deleted);
        }
    }
}
