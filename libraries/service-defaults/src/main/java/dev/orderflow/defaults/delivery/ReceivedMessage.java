package dev.orderflow.defaults.delivery;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A message of a queue as it was delivered to this instance.
///
/// @param body the message body, up to 1 MiB; after a claim check was redeemed, the complete
///     message
/// @param messageId the id that SQS gave the message, the same for every delivery
/// @param receiveCount how often it was received so far, from 1; AWS calls this number approximate
/// @param sentAt when it was sent to the queue
/// @param queueUrl the URL of its queue
/// @param redriveId the redrive by which an operator sent it again; null for all other messages
public record ReceivedMessage(
        String body,
        String messageId,
        int receiveCount,
        Instant sentAt,
        String queueUrl,
        @Nullable UUID redriveId) {

    /// The message attribute that holds the redrive's id.
    public static final String REDRIVE_ID_ATTRIBUTE = "redrive-id";

    /// A message that no operator sent again.
    public ReceivedMessage(
            String body, String messageId, int receiveCount, Instant sentAt, String queueUrl) {
        this(body, messageId, receiveCount, sentAt, queueUrl, null);
    }

    /// The queue's name, without account and host.
    public String queueName() {
        return queueUrl.substring(queueUrl.lastIndexOf('/') + 1);
    }

    /// The same message with another body, for a redeemed claim check.
    ReceivedMessage withBody(String whole) {
        return new ReceivedMessage(whole, messageId, receiveCount, sentAt, queueUrl, redriveId);
    }

    /// Leaves out the body, which may hold personal data.
    @Override
    public String toString() {
        return "message[" + queueName() + " " + messageId + " #" + receiveCount + "]";
    }
}
