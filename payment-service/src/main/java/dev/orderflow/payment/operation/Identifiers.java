package dev.orderflow.payment.operation;

import java.security.SecureRandom;
import java.util.UUID;

/// Makes identifiers of version 7 (RFC 9562): a timestamp and 74 random bits, so that an index
/// grows at its end.
final class Identifiers {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Identifiers() {}

    static UUID next() {
        long high = System.currentTimeMillis() << 16 | 0x7000L | RANDOM.nextInt(0x1000);
        long low = 0x8000_0000_0000_0000L | RANDOM.nextLong() >>> 2;
        return new UUID(high, low);
    }
}
