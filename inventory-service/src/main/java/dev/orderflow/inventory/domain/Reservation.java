package dev.orderflow.inventory.domain;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The stored reservation of an order.
///
/// @param expiresAt when order-service is asked whether the order still needs its stock; empty
///     for a tombstone
public record Reservation(
        UUID id,
        UUID orderId,
        ReservationState state,
        Instant createdAt,
        Instant updatedAt,
        Optional<Instant> expiresAt) {}
