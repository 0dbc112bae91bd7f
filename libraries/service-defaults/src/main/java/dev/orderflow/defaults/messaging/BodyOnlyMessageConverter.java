package dev.orderflow.defaults.messaging;

import dev.orderflow.defaults.delivery.ReceivedMessage;
import io.awspring.cloud.sqs.listener.SqsHeaders;
import io.awspring.cloud.sqs.listener.SqsHeaders.MessageSystemAttributes;
import io.awspring.cloud.sqs.support.converter.ContextAwareMessagingMessageConverter;
import io.awspring.cloud.sqs.support.converter.MessageConversionContext;
import io.awspring.cloud.sqs.support.converter.MessagingMessageHeaders;
import io.awspring.cloud.sqs.support.converter.SqsMessageConversionContext;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.support.GenericMessage;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// Converts a message of SQS to its body, the system attributes of SQS, and the id of the redrive
/// that sent it, which is read only as a UUID.
///
/// All other message attributes are ignored, because the sender chooses their names, types and
/// values. The converter of Spring Cloud AWS loads classes and parses media types by them, and logs
/// the complete message when that fails. No handler reads any.
final class BodyOnlyMessageConverter implements ContextAwareMessagingMessageConverter<Message> {

    @Override
    public org.springframework.messaging.Message<String> toMessagingMessage(
            Message source, @Nullable MessageConversionContext context) {
        var headers = new HashMap<String, Object>();
        headers.put(SqsHeaders.SQS_RAW_MESSAGE_ID_HEADER, text(source.messageId()));
        headers.put(SqsHeaders.SQS_RECEIPT_HANDLE_HEADER, text(source.receiptHandle()));
        copy(
                source,
                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                MessageSystemAttributes.SQS_APPROXIMATE_RECEIVE_COUNT,
                headers);
        copy(
                source,
                MessageSystemAttributeName.SENT_TIMESTAMP,
                MessageSystemAttributes.SQS_SENT_TIMESTAMP,
                headers);
        var redrive = source.messageAttributes().get(ReceivedMessage.REDRIVE_ID_ATTRIBUTE);
        if (redrive != null && redrive.stringValue() != null) {
            headers.put(ReceivedMessage.REDRIVE_ID_ATTRIBUTE, redrive.stringValue());
        }
        if (context instanceof SqsMessageConversionContext received
                && received.getQueueAttributes() != null) {
            var queue = received.getQueueAttributes();
            // Spring Cloud AWS requires the name.
            headers.put(SqsHeaders.SQS_QUEUE_NAME_HEADER, queue.getQueueName());
            headers.put(SqsHeaders.SQS_QUEUE_URL_HEADER, queue.getQueueUrl());
            var visibility = queue.getQueueAttribute(QueueAttributeName.VISIBILITY_TIMEOUT);
            if (visibility != null) {
                headers.put(SqsHeaders.SQS_VISIBILITY_TIMEOUT_HEADER, visibility);
            }
        }
        return new GenericMessage<>(
                text(source.body()),
                new MessagingMessageHeaders(headers, idOf(text(source.messageId()))));
    }

    private static void copy(
            Message source,
            MessageSystemAttributeName attribute,
            String header,
            HashMap<String, Object> headers) {
        var value = source.attributes().get(attribute);
        if (value != null) {
            headers.put(header, value);
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    /// Spring Cloud AWS requires a UUID; AWS does not guarantee that message ids are UUIDs.
    private static UUID idOf(String messageId) {
        try {
            return UUID.fromString(messageId);
        } catch (IllegalArgumentException _) {
            return UUID.nameUUIDFromBytes(messageId.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// Used only by the SqsTemplate of Spring Cloud AWS, which no service uses.
    @Override
    public Message fromMessagingMessage(
            org.springframework.messaging.Message<?> message,
            @Nullable MessageConversionContext context) {
        return Message.builder().body(message.getPayload().toString()).build();
    }

    @Override
    public MessageConversionContext createMessageConversionContext() {
        return new SqsMessageConversionContext();
    }
}
