package dev.orderflow.order.relay;

import java.time.Duration;

/// The right to publish a shard.
///
/// @param token grows with every owner
/// @param sureUntil until when this process may rely on it, as [System#nanoTime()] tells: counted
///     from before the database was asked and with a fifth of the lease to spare, so no difference
///     of clocks matters
record ShardLease(long token, long sureUntil) {

    static ShardLease from(long token, long askedAt, Duration length) {
        return new ShardLease(token, askedAt + length.toNanos() / 5 * 4);
    }

    boolean isSure(long now) {
        return sureUntil - now > 0;
    }
}
