package dev.orderflow.outbox.eventbridge;

import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.OutboxTarget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;

/// Publishes to a topic of SNS with `PublishBatch`.
///
/// To a FIFO topic, whose ARN ends in `.fifo`, the key is the message group and the event's id the
/// deduplication id, so that SNS drops repeats within five minutes. Body and attributes:
/// [AwsMessages].
public final class SnsTarget implements OutboxTarget {

    private static final Pattern TOPIC_ARN =
            Pattern.compile(ArnForm.prefixOf("sns") + "[A-Za-z0-9_-]{1,256}(\\.fifo)?");

    private final SnsClient client;
    private final String topicArn;
    private final boolean isFifo;

    /// @param topicArn of a topic in the region of the client
    /// @throws IllegalArgumentException when it is not the ARN of a topic
    public SnsTarget(SnsClient client, String topicArn) {
        if (!TOPIC_ARN.matcher(topicArn).matches()) {
            throw new IllegalArgumentException("not the ARN of a topic: " + topicArn);
        }
        this.client = client;
        this.topicArn = topicArn;
        this.isFifo = topicArn.endsWith(".fifo");
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
        var entries = new ArrayList<PublishBatchRequestEntry>();
        for (var event : events) {
            entries.add(toEntry(Integer.toString(entries.size()), event));
        }
        return AwsCalls.publish(
                "PublishBatch",
                events,
                () -> {
                    var response =
                            client.publishBatch(
                                    it ->
                                            it.topicArn(topicArn)
                                                    .publishBatchRequestEntries(entries));
                    var codes = AwsMessages.newCodes();
                    response.successful().forEach(it -> codes.put(it.id(), null));
                    response.failed().forEach(it -> codes.put(it.id(), it.code()));
                    return AwsMessages.results(events.size(), codes);
                });
    }

    private PublishBatchRequestEntry toEntry(String id, OutboxEvent event) {
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
                PublishBatchRequestEntry.builder()
                        .id(id)
                        .message(AwsMessages.body(event))
                        .messageAttributes(attributes);
        if (isFifo) {
            entry.messageGroupId(AwsMessages.fifoText(event.key()))
                    .messageDeduplicationId(AwsMessages.fifoText(event.id()));
        }
        return entry.build();
    }

    /// SNS rejects the ARN of a topic in another region as an invalid parameter, here as well as
    /// when an event is published; it is not the fault of the event.
    @Override
    public TargetState findState() {
        return AwsCalls.describe(
                () -> client.getTopicAttributes(it -> it.topicArn(topicArn)),
                rejection ->
                        rejection instanceof NotFoundException
                                || rejection instanceof InvalidParameterException);
    }
}
