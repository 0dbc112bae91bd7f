package dev.orderflow.order.outbox;

import java.util.UUID;

/// A part of the outbox that one relay publishes at a time. All events of an order are in the
/// same shard.
///
/// @param number 0 to 15
public record Shard(int number) implements Comparable<Shard> {

    /// The number of shards, and so the most relays that can publish at once. It is in the
    /// database's constraints too; changing it requires an empty outbox.
    public static final int COUNT = 16;

    public Shard {
        if (number < 0 || number >= COUNT) {
            throw new IllegalArgumentException(
                    "shard must be 0 to %d but was %d".formatted(COUNT - 1, number));
        }
    }

    /// The shard of an order. The lower half of an id is random, so shards fill evenly.
    public static Shard of(UUID orderId) {
        return new Shard(Math.floorMod(Long.hashCode(orderId.getLeastSignificantBits()), COUNT));
    }

    @Override
    public int compareTo(Shard other) {
        return Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Integer.toString(number);
    }
}
