package dev.orderflow.analytics.projection;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

/// Something that happened to an order.
///
/// @param id the same however often it is told
/// @param version its place in the order's life: of two facts the higher one is later
/// @param state where it leaves the order
/// @param replayed whether it came out of the archive
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
