package dev.orderflow.contracts.value;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.UUID;

/// Creates UUIDs of version 7 ([RFC 9562,
/// 5.7](https://www.rfc-editor.org/rfc/rfc9562#section-5.7)): they sort by the time of their
/// creation, so that an index on them grows at its end and the newest rows have the highest ids.
///
/// Hibernate's own generator is not used: ids are created in domain code, which has no session, and
/// for a given instant. Limit: two instances agree on the order of ids as far as their clocks do.
/// Nothing but the order of a list may depend on it.
public final class UuidV7 {

    private static final SecureRandom RANDOM = new SecureRandom();

    private UuidV7() {}

    /// A new id for something that happened at an instant: 48 bits of milliseconds, 12 bits of
    /// their fraction, and 62 random bits that cannot be guessed.
    public static UUID create(Instant instant) {
        long millis = instant.toEpochMilli();
        long fraction = instant.get(ChronoField.MICRO_OF_SECOND) % 1000 * 4096L / 1000;
        return new UUID(
                (millis << 16) | 0x7000 | fraction,
                (RANDOM.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
    }
}
