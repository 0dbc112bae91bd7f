package dev.orderflow.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Replaces the detail of an event that is too large for the bus. It contains the fields for
/// routing and tracing, and the location of the complete detail in S3.
///
/// It has the `detail-type` and the id of its event, so that rules, archives and inboxes treat it
/// like the event. A consumer redeems it before it parses the event.
///
/// @param schemaVersion the schema version of the event
/// @param claimCheck the location of the event's detail
public record ClaimCheck(
        String eventId,
        int schemaVersion,
        Instant occurredAt,
        UUID orderId,
        int orderVersion,
        @Nullable String traceparent,
        PayloadLocation claimCheck) {

    /// The location of a detail in S3, with its length and digest.
    ///
    /// @param bucket the bucket; a consumer redeems only from the bucket that it trusts
    /// @param key the key of the object, the same whenever the event is published
    /// @param bytes the length of the detail in UTF-8
    /// @param sha256 the digest of these bytes, in lower-case hexadecimal
    public record PayloadLocation(String bucket, String key, int bytes, String sha256) {

        public PayloadLocation {
            MessageValidation.requirePresent("bucket", bucket);
            MessageValidation.requirePresent("key", key);
            MessageValidation.requirePresent("sha256", sha256);
            if (bytes < 1) {
                throw new IllegalArgumentException("bytes must be at least 1 but was " + bytes);
            }
            if (!sha256.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException(
                        "sha256 must be 64 lower-case hexadecimal digits");
            }
        }
    }

    public ClaimCheck {
        MessageValidation.requirePresent("eventId", eventId);
        MessageValidation.requireSupportedVersion(schemaVersion);
        MessageValidation.requirePresent("occurredAt", occurredAt);
        MessageValidation.requirePresent("orderId", orderId);
        MessageValidation.requirePresent("claimCheck", claimCheck);
    }

    /// Creates the claim check of an event.
    public static ClaimCheck of(OrderEvent event, PayloadLocation location) {
        return new ClaimCheck(
                event.eventId(),
                event.schemaVersion(),
                event.occurredAt(),
                event.orderId(),
                event.orderVersion(),
                event.traceparent(),
                location);
    }
}
