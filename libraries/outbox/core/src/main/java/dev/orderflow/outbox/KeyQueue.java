package dev.orderflow.outbox;

import java.util.ArrayDeque;
import java.util.Deque;

/// The events of one key that are in memory. Only the first of them is in flight. Belongs to the
/// thread of its relay.
final class KeyQueue {

    final String key;
    final Shard shard;
    final Deque<PendingEvent> events = new ArrayDeque<>();

    /// The lease under which the events were read.
    final long token;

    /// Whether its next event is sent in a call of its own, to find the entry that was rejected.
    boolean isAlone;

    /// Whether another event of the key was stored after these were fetched.
    boolean isOutdated;

    KeyQueue(PendingEvent first, long token) {
        this.key = first.key();
        this.shard = first.shard();
        this.token = token;
    }

    PendingEvent head() {
        return events.getFirst();
    }
}
