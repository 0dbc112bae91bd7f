package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// The receipt handle of a received message: the receipt, the queue and the message, in Base64.
///
/// @param receipt identifies one receive of the message
record ReceiptHandle(String receipt, String messageId) {

    static String encode(SqsMessage message, String queueArn) {
        return Base64.getEncoder()
                .encodeToString(
                        (message.receipt + " " + queueArn + " " + message.id)
                                .getBytes(StandardCharsets.UTF_8));
    }

    /// @throws AwsErrorException if the handle was not issued by this queue
    static ReceiptHandle parse(String text, String queueArn) {
        try {
            var parts =
                    new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8).split(" ");
            if (parts.length == 3 && parts[1].equals(queueArn)) {
                return new ReceiptHandle(parts[0], parts[2]);
            }
        } catch (IllegalArgumentException _) {
            // refused below
        }
        throw SqsErrors.invalidReceiptHandle(text);
    }
}
