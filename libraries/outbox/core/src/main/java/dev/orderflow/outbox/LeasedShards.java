package dev.orderflow.outbox;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The shards that a relay publishes at the moment. It renews their leases, and releases shards
/// beyond its fair share for other relays. Belongs to the thread of its relay.
final class LeasedShards {

    private static final Logger log = LoggerFactory.getLogger(LeasedShards.class);

    private final String target;
    private final ShardLeases shardLeases;
    private final Duration leaseDuration;

    private Map<Shard, ShardLease> leases = Map.of();

    /// Shards beyond the fair share. Nothing more is read from them.
    private final TreeSet<Shard> surplus = new TreeSet<>();

    private long nextRenewal = System.nanoTime();
    private boolean hasShardRows;

    LeasedShards(String target, ShardLeases shardLeases, Duration leaseDuration) {
        this.target = target;
        this.shardLeases = shardLeases;
        this.leaseDuration = leaseDuration;
    }

    /// When the leases must be renewed, by [System#nanoTime()].
    long nextRenewal() {
        return nextRenewal;
    }

    boolean contains(Shard shard) {
        return leases.containsKey(shard);
    }

    /// The token of a shard's lease.
    long tokenOf(Shard shard) {
        var lease = leases.get(shard);
        if (lease == null) {
            throw new IllegalStateException("shard " + shard + " is not leased");
        }
        return lease.token();
    }

    /// Whether the events of a queue may be sent: the lease under which they were read has not
    /// ended.
    boolean maySend(KeyQueue queue, long now) {
        var lease = leases.get(queue.shard);
        return lease != null && lease.token() == queue.token && lease.isSafe(now);
    }

    /// The shards to read from.
    List<Shard> readable(long now) {
        return leases.entrySet().stream()
                .filter(entry -> entry.getValue().isSafe(now))
                .map(Map.Entry::getKey)
                .filter(shard -> !surplus.contains(shard))
                .sorted()
                .toList();
    }

    /// Renews the leases and acquires free shards, if that is due.
    ///
    /// @return whether the relay owns other shards than before
    boolean renewIfDue() {
        long now = System.nanoTime();
        if (nextRenewal - now > 0) {
            return false;
        }
        if (!hasShardRows) {
            shardLeases.createShards();
            hasShardRows = true;
        }
        var allocation = shardLeases.acquireOrRenew();
        boolean hasChanged = !allocation.leases().keySet().equals(leases.keySet());
        if (hasChanged) {
            log.info("target {}: publishing shards {}", target, allocation.leases().keySet());
        }
        leases = allocation.leases();
        surplus.clear();
        leases.keySet().stream()
                .sorted(Comparator.reverseOrder())
                .limit(allocation.surplus())
                .forEach(surplus::add);
        nextRenewal = now + leaseDuration.toNanos() / 5;
        return hasChanged;
    }

    /// Releases surplus shards of which no event is in memory.
    ///
    /// @param inMemory the queues with events in memory
    void releaseSurplus(Collection<KeyQueue> inMemory) {
        if (surplus.isEmpty()) {
            return;
        }
        var idle = new TreeSet<>(surplus);
        inMemory.forEach(queue -> idle.remove(queue.shard));
        if (!idle.isEmpty()) {
            shardLeases.release(idle);
            var kept = new HashMap<>(leases);
            kept.keySet().removeAll(idle);
            leases = kept;
            surplus.removeAll(idle);
        }
    }

    /// Releases all shards when the relay stops.
    void releaseAll() {
        try {
            shardLeases.releaseAll();
        } catch (RuntimeException failure) {
            log.warn(
                    "could not release the shard leases; they expire by themselves: {}",
                    OutboxFailureDescription.of(failure));
        }
    }
}
