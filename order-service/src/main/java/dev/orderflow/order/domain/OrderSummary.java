package dev.orderflow.order.domain;

import dev.orderflow.contracts.value.Money;
import java.time.Instant;
import java.util.UUID;

/// An order in a list.
public record OrderSummary(UUID id, OrderState state, Money total, Instant placedAt) {}
