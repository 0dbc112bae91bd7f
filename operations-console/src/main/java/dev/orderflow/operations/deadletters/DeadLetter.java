package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.delivery.DeadLetterAttributes;
import dev.orderflow.operations.redrive.RedriveSelection;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;

/// One message of a dead-letter queue.
///
/// @param message as received from SQS, with its receipt handle
/// @param contents the fields of its body that may be shown
/// @param cause why it was dead-lettered
/// @param consumer the queue that it is redriven to, empty when its target is not a queue of
///     Orderflow
/// @param sentAt when it was first sent to a queue
/// @param firstReceivedAt when it was first received
record DeadLetter(
        Message message,
        RedactedContents contents,
        FailureCause cause,
        Optional<ConsumerQueue> consumer,
        Instant sentAt,
        Instant firstReceivedAt) {

    private static final Pattern MESSAGE_ID = Pattern.compile(DiscardedMessage.MESSAGE_ID_REGEX);

    /// The same message as it would be with another body.
    DeadLetter withBody(String body) {
        return new DeadLetter(
                message.toBuilder().body(body).build(),
                RedactedContents.of(body),
                cause,
                consumer,
                sentAt,
                firstReceivedAt);
    }

    String id() {
        return message.messageId();
    }

    /// Whether the message has an attribute with this value.
    boolean hasAttribute(String name, String value) {
        var attribute = message.messageAttributes().get(name);
        return attribute != null && value.equals(attribute.stringValue());
    }

    /// The id of the message that its consumer rejected; null when SQS moved the message itself, or
    /// when the attribute, which may contain anything, is not an id of SQS.
    @Nullable String sourceMessageId() {
        var attribute = message.messageAttributes().get(DeadLetterAttributes.SOURCE_MESSAGE_ID);
        var id = attribute == null ? null : attribute.stringValue();
        return id != null && MESSAGE_ID.matcher(id).matches() ? id : null;
    }

    /// The subject of its entries in the audit trail: the order id, or else the message id.
    String subject() {
        return contents.orderId().map(Object::toString).orElseGet(message::messageId);
    }

    /// What a selection can be about.
    RedriveSelection.SelectableItem toSelectable() {
        return new RedriveSelection.SelectableItem(
                id(),
                cause.fingerprint(),
                contents.type(),
                cause.reason(),
                contents.orderId(),
                sentAt);
    }

    /// Without the body and the receipt handle.
    @Override
    public String toString() {
        return "DeadLetter[" + id() + " " + contents.type() + "]";
    }
}
