package dev.orderflow.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An event about an order, published on the bus.
///
/// Events are delivered at least once and in any order. [#eventId()] is the same for each delivery
/// of an event; [#orderVersion()] orders the events of an order.
public sealed interface OrderEvent
        permits OrderCreated,
                OrderConfirmed,
                OrderRejected,
                OrderShipped,
                OrderCancelled,
                OrderCancellationRequested {

    /// `<order id>/<event type>`: an order has at most one event of each type, so that consumers
    /// recognise duplicates.
    String eventId();

    /// The version of this event's schema, from 1.
    int schemaVersion();

    /// When it happened, by the clock of the publisher.
    Instant occurredAt();

    /// The order.
    UUID orderId();

    /// The position in the published life cycle of the order, from 1: currently 1 created, 2
    /// confirmed or cancellation requested, 3 final.
    int orderVersion();

    /// The customer, as an opaque reference without personal data.
    String customerRef();

    /// The [W3C trace parent](https://www.w3.org/TR/trace-context/) of the request that caused the
    /// event. It is part of the detail because EventBridge does not archive trace headers.
    @Nullable String traceparent();

    /// The `detail-type` on the bus, which is the record's name.
    default String type() {
        return getClass().getSimpleName();
    }

    /// The id of the event of a type about an order.
    static String idOf(UUID orderId, Class<? extends OrderEvent> type) {
        return orderId + "/" + type.getSimpleName();
    }
}
