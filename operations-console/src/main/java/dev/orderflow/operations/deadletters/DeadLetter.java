package dev.orderflow.operations.deadletters;

import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.model.Message;

/// One message of a dead-letter queue.
///
/// @param message as SQS gave it, with the handle that deletes it
/// @param contents what may be shown of its body
/// @param cause why it is dead
/// @param consumer whose queue it goes back to, empty when its target is no queue of ours
/// @param sentAt when it was first put on a queue
/// @param firstReceivedAt when somebody first received it
record DeadLetter(
        Message message,
        RedactedContents contents,
        FailureCause cause,
        Optional<ConsumerQueue> consumer,
        Instant sentAt,
        Instant firstReceivedAt) {

    String id() {
        return message.messageId();
    }

    /// What the audit trail files it under.
    String subject() {
        return contents.orderId().map(Object::toString).orElseGet(message::messageId);
    }

    /// Leaves out the body and the handle.
    @Override
    public String toString() {
        return "DeadLetter[" + id() + " " + contents.type() + "]";
    }
}
