package dev.orderflow.order.relay;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// An event as the bus takes it.
///
/// @param eventId stays the same however often it is published
/// @param type its `detail-type`
/// @param detail its JSON
record OutgoingEvent(String eventId, String type, Instant occurredAt, String detail) {

    /// What it weighs in a `PutEvents` request, by
    /// [EventBridge's
    /// rule](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html): the
    /// bytes of its texts and 14 for its time.
    int bytes() {
        return 14 + OutboxTarget.SOURCE.length() + type.length() + detailBytes();
    }

    int detailBytes() {
        return detail.getBytes(StandardCharsets.UTF_8).length;
    }

    /// The same event with what stands for its detail.
    OutgoingEvent withDetail(String other) {
        return new OutgoingEvent(eventId, type, occurredAt, other);
    }

    /// Leaves the detail out.
    @Override
    public String toString() {
        return eventId;
    }
}
