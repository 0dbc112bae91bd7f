package dev.orderflow.outbox.eventbridge;

import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.OutboxTarget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/// Sends to a queue of SQS with `SendMessageBatch`.
///
/// To a FIFO queue, whose URL ends in `.fifo`, the key is the message group and the event's id the
/// deduplication id, so that SQS drops repeats within five minutes. Body and attributes:
/// [AwsMessages].
public final class SqsTarget implements OutboxTarget {

    private final SqsClient client;
    private final String queueUrl;
    private final boolean isFifo;

    public SqsTarget(SqsClient client, String queueUrl) {
        this.client = client;
        this.queueUrl = queueUrl;
        this.isFifo = queueUrl.endsWith(".fifo");
    }

    @Override
    public int maxEvents() {
        return AwsMessages.MAX_EVENTS;
    }

    @Override
    public int maxBytes() {
        return AwsMessages.MAX_BYTES;
    }

    @Override
    public int bytes(OutboxEvent event) {
        return AwsMessages.bytes(event);
    }

    @Override
    public PublishResult publish(List<OutboxEvent> events) {
        var entries = new ArrayList<SendMessageBatchRequestEntry>();
        for (var event : events) {
            entries.add(toEntry(Integer.toString(entries.size()), event));
        }
        return AwsCalls.publish(
                "SendMessageBatch",
                events,
                () -> {
                    var response =
                            client.sendMessageBatch(it -> it.queueUrl(queueUrl).entries(entries));
                    var codes = AwsMessages.newCodes();
                    response.successful().forEach(it -> codes.put(it.id(), null));
                    response.failed().forEach(it -> codes.put(it.id(), it.code()));
                    return AwsMessages.results(events.size(), codes);
                });
    }

    private SendMessageBatchRequestEntry toEntry(String id, OutboxEvent event) {
        var attributes = new HashMap<String, MessageAttributeValue>();
        AwsMessages.attributes(event)
                .forEach(
                        (name, value) ->
                                attributes.put(
                                        name,
                                        MessageAttributeValue.builder()
                                                .dataType("String")
                                                .stringValue(value)
                                                .build()));
        var entry =
                SendMessageBatchRequestEntry.builder()
                        .id(id)
                        .messageBody(AwsMessages.body(event))
                        .messageAttributes(attributes);
        if (isFifo) {
            entry.messageGroupId(AwsMessages.fifoText(event.key()))
                    .messageDeduplicationId(AwsMessages.fifoText(event.id()));
        }
        return entry.build();
    }

    @Override
    public TargetState findState() {
        return AwsCalls.describe(
                () -> client.getQueueAttributes(it -> it.queueUrl(queueUrl)),
                rejection -> rejection instanceof QueueDoesNotExistException);
    }
}
