package dev.orderflow.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Stands on the bus for an event that is too large for it: what everybody routes and traces by,
/// and where the whole detail lies.
///
/// It travels under the type and the id of its event, so rules, archives and inboxes treat it as
/// the event. A consumer redeems it for the whole detail before it reads.
///
/// @param schemaVersion of the event it stands for
/// @param claimCheck where the event's detail lies
public record ClaimCheck(
        String eventId,
        int schemaVersion,
        Instant occurredAt,
        UUID orderId,
        int orderVersion,
        @Nullable String traceparent,
        PayloadLocation claimCheck) {

    /// Where a detail lies in S3, and how to know that it is the right one.
    ///
    /// @param bucket a reader redeems from the one bucket it trusts and from no other
    /// @param key the same however often the event is published
    /// @param bytes how long the detail is, as UTF-8
    /// @param sha256 of these bytes, in lower-case hex
    public record PayloadLocation(String bucket, String key, int bytes, String sha256) {

        public PayloadLocation {
            MessageValidation.requirePresent("bucket", bucket);
            MessageValidation.requirePresent("key", key);
            MessageValidation.requirePresent("sha256", sha256);
            if (bytes < 1) {
                throw new IllegalArgumentException("bytes must be at least 1 but was " + bytes);
            }
            if (!sha256.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("sha256 must be 64 digits of lower-case hex");
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

    /// The claim check of an event whose detail lies at a place.
    public static ClaimCheck of(OrderEvent event, PayloadLocation place) {
        return new ClaimCheck(
                event.eventId(),
                event.schemaVersion(),
                event.occurredAt(),
                event.orderId(),
                event.orderVersion(),
                event.traceparent(),
                place);
    }
}
