package dev.orderflow.localcloud.sqs;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A message in a queue. Its mutable fields are guarded by the lock of its queue.
final class SqsMessage {

    /// The content as sent.
    ///
    /// @param attributes message attributes by name in the sender's order, each with `DataType` and
    ///     value
    /// @param systemAttributes message system attributes in the same form
    /// @param groupId required for FIFO queues
    /// @param deduplicationId for FIFO queues only
    record SqsMessageContent(
            String body,
            Map<String, JsonNode> attributes,
            Map<String, JsonNode> systemAttributes,
            @Nullable String groupId,
            @Nullable String deduplicationId) {}

    final String id;
    final SqsMessageContent content;

    /// Position in the order of sending.
    final long sequence;

    /// When it was first sent. A message in a standard dead-letter queue keeps it, because its
    /// retention counts from there.
    final long sentMillis;

    /// ARN of the source queue of a dead-lettered message.
    final @Nullable String deadLetterSourceArn;

    long visibleFrom;
    int receiveCount;

    /// Receives from its current queue, which the redrive policy counts.
    int receivesHere;

    long firstReceivedMillis;
    long lastReceivedMillis;
    String receipt = "";

    SqsMessage(
            String id,
            SqsMessageContent content,
            long sequence,
            long sentMillis,
            long visibleFrom,
            @Nullable String deadLetterSourceArn) {
        this.id = id;
        this.content = content;
        this.sequence = sequence;
        this.sentMillis = sentMillis;
        this.visibleFrom = visibleFrom;
        this.deadLetterSourceArn = deadLetterSourceArn;
    }

    boolean isVisible(long now) {
        return visibleFrom <= now;
    }

    boolean isInFlight(long now) {
        return visibleFrom > now && receivesHere > 0;
    }
}
