package dev.orderflow.order.domain;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.UUID;

/// Makes ids that sort by the time they were made at (UUID version 7, RFC 9562), so that an index
/// on them grows at its end and the newest orders have the highest ids.
///
/// Limit: two instances agree on the order of ids as far as their clocks do. Nothing but the order
/// of a list depends on it.
public final class OrderIds {

    private static final SecureRandom RANDOM = new SecureRandom();

    private OrderIds() {}

    /// A new id for something that happened now: 48 bits of milliseconds, 12 bits of their
    /// fraction, and 62 random bits that nobody guesses.
    public static UUID generate(Instant now) {
        long millis = now.toEpochMilli();
        long fraction = now.get(ChronoField.MICRO_OF_SECOND) % 1000 * 4096L / 1000;
        return new UUID(
                (millis << 16) | 0x7000 | fraction,
                (RANDOM.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
    }
}
