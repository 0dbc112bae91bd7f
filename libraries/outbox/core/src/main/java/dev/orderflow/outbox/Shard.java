package dev.orderflow.outbox;

/// A part of the outbox that one relay publishes at a time. All events of a key are in the same
/// shard.
///
/// @param number 0 to 15
public record Shard(int number) implements Comparable<Shard> {

    /// The number of shards, and so the most relays of a target that can publish at once. It is in
    /// the database's constraints too; changing it requires an empty outbox.
    public static final int COUNT = 16;

    public Shard {
        if (number < 0 || number >= COUNT) {
            throw new IllegalArgumentException(
                    "shard must be 0 to %d but was %d".formatted(COUNT - 1, number));
        }
    }

    /// The shard of a key. [String#hashCode()] is specified, so it is the same in every process;
    /// its bits are mixed because similar keys differ in few of them.
    public static Shard of(String key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return new Shard(hash >>> 28);
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
