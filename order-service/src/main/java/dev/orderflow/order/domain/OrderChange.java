package dev.orderflow.order.domain;

import dev.orderflow.contracts.value.Money;
import java.time.Instant;
import java.util.UUID;

/// An order as it stands, and when it last moved before it was looked at.
///
/// @param number which transition, to ask for those after it
public record OrderChange(UUID id, OrderState state, Money total, Instant changedAt, long number) {}
