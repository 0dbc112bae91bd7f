package dev.orderflow.outbox;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The events that a relay has in memory: a [KeyQueue] for each key, of which those without an
/// event in flight are ready to be sent. Belongs to the thread of its relay.
final class EventBuffer {

    /// The bytes of payloads after which no more events are read at once. The payloads in memory
    /// are twice this much at most, and one event more.
    static final long MAX_READ_BYTES = 16L * 1024 * 1024;

    private final int capacity;
    private final Map<String, KeyQueue> queues = new HashMap<>();
    private final Deque<KeyQueue> ready = new ArrayDeque<>();
    private int size;
    private long bytes;

    /// @param capacity the maximum number of events
    EventBuffer(int capacity) {
        this.capacity = capacity;
    }

    /// The queues to send from, in sequence. The relay takes queues from it for a call.
    Deque<KeyQueue> ready() {
        return ready;
    }

    /// The queue of a key, ready or in flight; null without events in memory.
    @Nullable KeyQueue find(String key) {
        return queues.get(key);
    }

    Set<String> keys() {
        return queues.keySet();
    }

    Collection<KeyQueue> queues() {
        return queues.values();
    }

    /// The number of events that can be added.
    int room() {
        return capacity - size;
    }

    /// Whether half of the buffer is free: a few large reads cost less than many small ones.
    boolean hasRoom() {
        return size <= capacity / 2 && bytes <= MAX_READ_BYTES;
    }

    /// Adds an event behind the others of its key.
    ///
    /// @param token the lease under which it was read
    void add(PendingEvent event, long token) {
        queues.computeIfAbsent(
                        event.key(),
                        _ -> {
                            var queue = new KeyQueue(event, token);
                            ready.addLast(queue);
                            return queue;
                        })
                .events
                .addLast(event);
        size++;
        bytes += event.event().payload().size();
    }

    /// Removes the first event of a queue, which is published. The next one is ready.
    ///
    /// @return whether the queue is empty now; the caller must [#remove] it then
    boolean removeHead(KeyQueue queue) {
        var published = queue.events.removeFirst();
        size--;
        bytes -= published.event().payload().size();
        if (queue.events.isEmpty()) {
            return true;
        }
        ready.addLast(queue);
        return false;
    }

    /// Removes a queue with its events. The caller has taken it from [#ready()], or clears that.
    void remove(KeyQueue queue) {
        size -= queue.events.size();
        queue.events.forEach(event -> bytes -= event.event().payload().size());
        queues.remove(queue.key);
    }
}
