package dev.orderflow.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A fact about an order, on the bus for whoever cares.
///
/// Delivered at least once and in no particular order. [#eventId()] is the same however often a
/// fact is
/// told; [#orderVersion()] tells which of two facts is the later one.
public sealed interface OrderEvent
        permits OrderCreated,
                OrderConfirmed,
                OrderRejected,
                OrderShipped,
                OrderCancelled,
                OrderCancellationRequested {

    /// `<order id>/<event type>`: an order has each fact at most once, so a duplicate is
    /// recognised.
    String eventId();

    /// The version of this event's schema, from 1.
    int schemaVersion();

    /// When it happened, by the clock of whoever made the event.
    Instant occurredAt();

    /// The order.
    UUID orderId();

    /// The place in the order's published life: 1 created, 2 confirmed, 3 final.
    int orderVersion();

    /// Who ordered, as an opaque reference that says nothing about the person.
    String customerRef();

    /// The [W3C trace parent](https://www.w3.org/TR/trace-context/) of the request behind it. It is
    /// in
    /// the detail because EventBridge archives no trace header.
    @Nullable String traceparent();

    /// The `detail-type` on the bus, which is the record's name.
    default String type() {
        return getClass().getSimpleName();
    }

    /// The event id that an order's event of a type always has.
    static String idOf(UUID orderId, Class<? extends OrderEvent> type) {
        return orderId + "/" + type.getSimpleName();
    }
}
