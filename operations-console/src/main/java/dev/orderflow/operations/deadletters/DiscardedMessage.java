package dev.orderflow.operations.deadletters;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// A discarded dead letter, without its body.
///
/// @param redriveId the discard
/// @param cause why it was dead-lettered
/// @param operator the subject of the operator who discarded it
/// @param reason the operator's reason
/// @param expiresAt when it can no longer be restored: when its queue would have deleted it
/// @param restoredId the id of the message that its restoration sent; empty when it was not
///     restored
public record DiscardedMessage(
        String queue,
        String messageId,
        UUID redriveId,
        Optional<UUID> orderId,
        String type,
        String fingerprint,
        String cause,
        String operator,
        String operatorName,
        String reason,
        Instant discardedAt,
        Instant expiresAt,
        Optional<String> restoredId,
        Optional<Instant> restoredAt) {

    /// The form of the ids of SQS, as a regular expression.
    public static final String MESSAGE_ID_REGEX = "[A-Za-z0-9-]{1,100}";

    /// Its place in the list, as the cursor of the next page.
    public String toCursor() {
        return queue + "/" + messageId;
    }
}
