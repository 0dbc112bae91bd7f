package dev.orderflow.order.domain;

import dev.orderflow.contracts.value.Money;
import java.time.Instant;
import java.util.UUID;

/// One recorded change of an order, with the order's current state.
///
/// @param state the state at the time of the query, which may be later than the change
/// @param changedAt when the change was recorded, by the database's clock
/// @param number the id of the timeline entry; with `changedAt` it is the cursor for later changes
public record OrderChange(UUID id, OrderState state, Money total, Instant changedAt, long number) {}
