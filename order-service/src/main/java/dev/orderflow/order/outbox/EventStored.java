package dev.orderflow.order.outbox;

import java.util.UUID;

/// Published inside this process when an event was stored, for transactional listeners. It wakes
/// them before their next poll; a listener that misses it finds the change with that poll.
///
/// @param orderId whose event it is
/// @param type its name, for example `OrderCreated`
public record EventStored(UUID orderId, String type) {}
