package dev.orderflow.outbox;

import java.time.Duration;

/// The right to publish a shard.
///
/// @param token grows with every owner
/// @param safeUntil until when this process may rely on it, by [System#nanoTime()]: counted from
///     before the database was called and with a fifth of the duration to spare, so that no
///     difference of clocks matters
record ShardLease(long token, long safeUntil) {

    static ShardLease from(long token, long requestedAt, Duration duration) {
        return new ShardLease(token, requestedAt + duration.toNanos() / 5 * 4);
    }

    boolean isSafe(long now) {
        return safeUntil - now > 0;
    }
}
