package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.text.Sha256;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import tools.jackson.databind.json.JsonMapper;

/// Copies a rejected message to the dead-letter queue that the redrive policy of its queue names.
///
/// It has the [DeadLetterAttributes].
final class DeadLetterSender {

    private static final int FINGERPRINT_DIGITS = 12;

    private final SqsCalls sqs;
    private final Map<String, String> deadLetterQueues = new ConcurrentHashMap<>();

    DeadLetterSender(SqsCalls sqs) {
        this.sqs = sqs;
    }

    void send(ReceivedMessage delivery, String reason) {
        var attributes =
                Map.of(
                        DeadLetterAttributes.REASON, attribute(reason),
                        DeadLetterAttributes.FINGERPRINT,
                                attribute(fingerprint(delivery.queueName(), reason)),
                        DeadLetterAttributes.SOURCE_QUEUE, attribute(delivery.queueName()),
                        DeadLetterAttributes.SOURCE_MESSAGE_ID, attribute(delivery.messageId()));
        sqs.send(
                SendMessageRequest.builder()
                        .queueUrl(deadLetterQueueOf(delivery.queueUrl()))
                        .messageBody(delivery.body())
                        .messageAttributes(attributes)
                        .build());
    }

    private String deadLetterQueueOf(String queueUrl) {
        return deadLetterQueues.computeIfAbsent(queueUrl, this::findDeadLetterQueue);
    }

    private String findDeadLetterQueue(String queueUrl) {
        var policy =
                sqs.attributes(
                                GetQueueAttributesRequest.builder()
                                        .queueUrl(queueUrl)
                                        .attributeNames(QueueAttributeName.REDRIVE_POLICY)
                                        .build())
                        .attributes()
                        .get(QueueAttributeName.REDRIVE_POLICY);
        if (policy == null) {
            throw new IllegalStateException("queue has no redrive policy: " + queueUrl);
        }
        var arn = JsonMapper.shared().readTree(policy).path("deadLetterTargetArn").asString();
        var name = arn.substring(arn.lastIndexOf(':') + 1);
        return sqs.url(GetQueueUrlRequest.builder().queueName(name).build()).queueUrl();
    }

    private static MessageAttributeValue attribute(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value.isEmpty() ? "unknown" : value)
                .build();
    }

    private static String fingerprint(String queue, String reason) {
        return Sha256.hex(queue + '\n' + reason).substring(0, FINGERPRINT_DIGITS);
    }
}
