package dev.orderflow.outbox;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An event to be published.
///
/// ```java
/// outbox.publish(OutboxEvent.of("OrderCreated", order.id(), EventPayload.json(json)));
/// ```
///
/// @param id identifies the event; stays the same however often it is published, so that consumers
///     recognise repeats. 1 to 255 characters.
/// @param key events of one key are published in sequence, in general the id of the entity they are
///     about. 1 to 255 characters.
/// @param type selects the target, and is what consumers filter by. 1 to 128 characters.
/// @param payload the content
/// @param headers what travels beside the payload, for example `traceparent`; how is up to the
///     target
/// @param occurredAt when it happened, in microseconds, as PostgreSQL keeps it
/// @param deliverAt not published before; null publishes at once. At its time the event joins its
///     key's sequence as the latest.
public record OutboxEvent(
        String id,
        String key,
        String type,
        EventPayload payload,
        Map<String, String> headers,
        Instant occurredAt,
        @Nullable Instant deliverAt) {

    public OutboxEvent {
        EventTexts.require("event id", id, 255);
        EventTexts.require("key", key, 255);
        EventTexts.require("event type", type, 128);
        headers.forEach(
                (name, value) -> {
                    EventTexts.require("header name", name, 128);
                    EventTexts.require("header " + name, value, 2_048);
                });
        headers = Collections.unmodifiableMap(new TreeMap<>(headers));
        occurredAt = occurredAt.truncatedTo(ChronoUnit.MICROS);
    }

    /// An event that occurred now and is published in the sequence of its key.
    public static OutboxEvent of(String type, String key, EventPayload payload) {
        return new OutboxEvent(
                UUID.randomUUID().toString(), key, type, payload, Map.of(), Instant.now(), null);
    }

    /// An event that occurred now and waits for no other. Its key is its own id.
    public static OutboxEvent unordered(String type, EventPayload payload) {
        var id = UUID.randomUUID().toString();
        return new OutboxEvent(id, id, type, payload, Map.of(), Instant.now(), null);
    }

    /// The same event with another id. An unordered event stays unordered.
    public OutboxEvent withId(String other) {
        return new OutboxEvent(
                other, key.equals(id) ? other : key, type, payload, headers, occurredAt, deliverAt);
    }

    /// The same event with another time of occurrence.
    public OutboxEvent withOccurredAt(Instant other) {
        return new OutboxEvent(id, key, type, payload, headers, other, deliverAt);
    }

    /// The same event with one more header; a null value adds none.
    public OutboxEvent withHeader(String name, @Nullable String value) {
        if (value == null) {
            return this;
        }
        var more = new TreeMap<>(headers);
        more.put(name, value);
        return new OutboxEvent(id, key, type, payload, more, occurredAt, deliverAt);
    }

    /// The same event, not to be published before a time.
    public OutboxEvent withDeliverAt(@Nullable Instant time) {
        return new OutboxEvent(id, key, type, payload, headers, occurredAt, time);
    }

    /// The same event with another payload, for example a claim check.
    public OutboxEvent withPayload(EventPayload other) {
        return new OutboxEvent(id, key, type, other, headers, occurredAt, deliverAt);
    }

    /// Names the event without its content.
    @Override
    public String toString() {
        return id;
    }
}
