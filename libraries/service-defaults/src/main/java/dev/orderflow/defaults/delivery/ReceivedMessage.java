package dev.orderflow.defaults.delivery;

import java.time.Instant;

/// One delivery of a message to this instance.
///
/// @param body what the queue holds, up to 1 MiB, or the whole of what travels by claim check
/// @param messageId SQS's id, the same for every delivery of this message
/// @param receiveCount how often it was delivered so far, from 1; approximate, says AWS
/// @param sentAt when it was put on the queue
/// @param queueUrl the queue it came from
public record ReceivedMessage(
        String body, String messageId, int receiveCount, Instant sentAt, String queueUrl) {

    /// The queue's name, without account and host.
    public String queueName() {
        return queueUrl.substring(queueUrl.lastIndexOf('/') + 1);
    }

    /// The same delivery with what its body stands for.
    ReceivedMessage withBody(String whole) {
        return new ReceivedMessage(whole, messageId, receiveCount, sentAt, queueUrl);
    }

    /// Leaves out the body, which may hold anything.
    @Override
    public String toString() {
        return "Delivery[" + queueName() + " " + messageId + " #" + receiveCount + "]";
    }
}
