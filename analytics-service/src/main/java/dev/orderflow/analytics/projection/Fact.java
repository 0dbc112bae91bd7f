package dev.orderflow.analytics.projection;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

/// One event of an order, as analytics records it.
///
/// @param id the event id, the same in every delivery
/// @param version its position in the order's history: of two facts the higher one is later
/// @param state the order's state after the event
/// @param replayed whether it was replayed from the archive
public record Fact(
        String id,
        String type,
        UUID orderId,
        int version,
        Instant occurredAt,
        String state,
        BigDecimal amount,
        String currency,
        boolean replayed) {}
