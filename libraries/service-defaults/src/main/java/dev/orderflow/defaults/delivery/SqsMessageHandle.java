package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.text.UuidFormat;
import io.awspring.cloud.sqs.listener.SqsHeaders;
import io.awspring.cloud.sqs.listener.SqsHeaders.MessageSystemAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.springframework.messaging.Message;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/// A message that an `@SqsListener` of Spring Cloud AWS received.
///
/// @param visibilityTimeout the visibility time-out of the queue, which is longer than its handler
///     takes
record SqsMessageHandle(
        ReceivedMessage message,
        String receiptHandle,
        Duration visibilityTimeout,
        SqsAsyncClient sqs,
        MessageDeleter deleter)
        implements MessageHandle {

    /// After this time a call is abandoned: the message becomes visible when its visibility
    /// time-out ends.
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

    static SqsMessageHandle of(
            Message<String> message, SqsAsyncClient sqs, MessageDeleter deleter) {
        return new SqsMessageHandle(
                deliveryOf(message),
                header(message, SqsHeaders.SQS_RECEIPT_HANDLE_HEADER, ""),
                Duration.ofSeconds(
                        Long.parseLong(
                                header(message, SqsHeaders.SQS_VISIBILITY_TIMEOUT_HEADER, "30"))),
                sqs,
                deleter);
    }

    @Override
    public CompletableFuture<Void> acknowledge() {
        return deleter.delete(message.queueUrl(), receiptHandle);
    }

    @Override
    public void changeVisibility(Duration delay) {
        try {
            sqs.changeMessageVisibility(
                            change ->
                                    change.queueUrl(message.queueUrl())
                                            .receiptHandle(receiptHandle)
                                            .visibilityTimeout((int) delay.toSeconds())
                                            .overrideConfiguration(
                                                    override ->
                                                            override.apiCallTimeout(CALL_TIMEOUT)))
                    .join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
        }
    }

    /// Adds the queue's own visibility time-out, which is the time that the handler may take.
    @Override
    public void extendVisibility(Duration wait) {
        changeVisibility(wait.plus(visibilityTimeout));
    }

    private static ReceivedMessage deliveryOf(Message<String> message) {
        return new ReceivedMessage(
                message.getPayload(),
                header(message, SqsHeaders.SQS_RAW_MESSAGE_ID_HEADER, ""),
                Integer.parseInt(
                        header(
                                message,
                                MessageSystemAttributes.SQS_APPROXIMATE_RECEIVE_COUNT,
                                "1")),
                Instant.ofEpochMilli(
                        Long.parseLong(
                                header(message, MessageSystemAttributes.SQS_SENT_TIMESTAMP, "0"))),
                header(message, SqsHeaders.SQS_QUEUE_URL_HEADER, ""),
                UuidFormat.parse(header(message, ReceivedMessage.REDRIVE_ID_ATTRIBUTE, ""))
                        .orElse(null));
    }

    private static String header(Message<String> message, String name, String otherwise) {
        var value = message.getHeaders().get(name);
        return value == null ? otherwise : value.toString();
    }

    @Override
    public String toString() {
        return message.toString();
    }
}
