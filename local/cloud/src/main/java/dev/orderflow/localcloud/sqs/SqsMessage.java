package dev.orderflow.localcloud.sqs;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A message in a queue. What changes while it is there is guarded by its queue's lock.
final class SqsMessage {

    /// What the sender gave.
    ///
    /// @param attributes by name, in the sender's order, each with `DataType` and its value
    /// @param systemAttributes the same of message system attributes
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

    /// Place in the order of sending.
    final long sequence;

    /// When it was first sent; on standard queues a dead-lettered message keeps it, for its
    /// retention counts from there.
    final long sentMillis;

    /// The queue that gave it up, if it was dead-lettered.
    final @Nullable String deadLetterSourceArn;

    long visibleFrom;
    int receiveCount;

    /// Receives from the queue it is in now, which its redrive policy counts.
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

    boolean isDelayed(long now) {
        return visibleFrom > now && receivesHere == 0;
    }
}
