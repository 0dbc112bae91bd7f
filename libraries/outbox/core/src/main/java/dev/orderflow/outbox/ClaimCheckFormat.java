package dev.orderflow.outbox;

import dev.orderflow.outbox.PayloadStore.StoredPayload;

/// What is published in place of a payload that lies in a [PayloadStore].
public interface ClaimCheckFormat {

    /// Whether an event can travel by claim check. One that cannot is published as it is, and the
    /// target decides.
    default boolean supports(OutboxEvent event) {
        return true;
    }

    /// The payload that names where the event's own payload lies.
    EventPayload write(OutboxEvent event, StoredPayload stored);

    /// A JSON object with the fields `eventId` and `claimCheck`: `bucket`, `key`, `bytes`,
    /// `sha256`.
    static ClaimCheckFormat json() {
        return (event, stored) ->
                EventPayload.json(
                        """
                        {"eventId":%s,"claimCheck":{"bucket":%s,"key":%s,"bytes":%d,"sha256":%s}}"""
                                .formatted(
                                        quote(event.id()),
                                        quote(stored.container()),
                                        quote(stored.name()),
                                        stored.bytes(),
                                        quote(stored.sha256())));
    }

    private static String quote(String text) {
        // Control characters are excluded from all of these texts.
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
