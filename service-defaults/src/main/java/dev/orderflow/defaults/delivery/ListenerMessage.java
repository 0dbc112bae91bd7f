package dev.orderflow.defaults.delivery;

import io.awspring.cloud.sqs.listener.SqsHeaders;
import io.awspring.cloud.sqs.listener.SqsHeaders.MessageSystemAttributes;
import io.awspring.cloud.sqs.listener.Visibility;
import io.awspring.cloud.sqs.listener.acknowledgement.Acknowledgement;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.springframework.messaging.Message;

/// What a listener of Spring Cloud AWS receives.
record ListenerMessage(Message<String> message, Delivery delivery) implements Incoming {

    static ListenerMessage of(Message<String> message) {
        return new ListenerMessage(message, deliveryOf(message));
    }

    @Override
    public void acknowledge() {
        Acknowledgement.acknowledge(message);
    }

    @Override
    public void hide(Duration delay) {
        var visibility =
                Objects.requireNonNull(
                        message.getHeaders()
                                .get(SqsHeaders.SQS_VISIBILITY_TIMEOUT_HEADER, Visibility.class));
        try {
            visibility.changeTo((int) delay.toSeconds());
        } catch (CompletionException refused) {
            throw refused.getCause() instanceof RuntimeException cause ? cause : refused;
        }
    }

    private static Delivery deliveryOf(Message<String> message) {
        return new Delivery(
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
                header(message, SqsHeaders.SQS_QUEUE_URL_HEADER, ""));
    }

    private static String header(Message<String> message, String name, String otherwise) {
        var value = message.getHeaders().get(name);
        return value == null ? otherwise : value.toString();
    }
}
