package dev.orderflow.outbox;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The calls of a relay to its target: what goes into one call, and how many are in flight. Belongs
/// to the thread of its relay; each call runs on a virtual thread.
final class TargetCalls {

    private static final Logger log = LoggerFactory.getLogger(TargetCalls.class);

    private final String name;
    private final OutboxTarget target;
    private final EventBuffer buffer;
    private final LeasedShards shards;
    private final OutboxReader reader;
    private final PublishPause pause;
    private final int maxConcurrentCalls;
    private final int fullCall;
    private final BiConsumer<List<KeyQueue>, OutboxTarget.PublishResult> onCompleted;
    private int inFlight;

    /// @param name the name of the target
    /// @param fullCall the most events in a call
    /// @param onCompleted receives the result of each call, on another thread; it must call
    ///     [#complete] on the thread of the relay
    TargetCalls(
            String name,
            OutboxTarget target,
            EventBuffer buffer,
            LeasedShards shards,
            OutboxReader reader,
            PublishPause pause,
            int maxConcurrentCalls,
            int fullCall,
            BiConsumer<List<KeyQueue>, OutboxTarget.PublishResult> onCompleted) {
        this.name = name;
        this.target = target;
        this.buffer = buffer;
        this.shards = shards;
        this.reader = reader;
        this.pause = pause;
        this.maxConcurrentCalls = maxConcurrentCalls;
        this.fullCall = fullCall;
        this.onCompleted = onCompleted;
    }

    boolean hasInFlight() {
        return inFlight > 0;
    }

    /// A call has ended.
    void complete() {
        inFlight--;
    }

    /// Whether events are ready and another call may be sent.
    boolean canSend() {
        return !buffer.ready().isEmpty() && inFlight < maxCalls();
    }

    /// One call at a time after a failure. Calls that are not full are sent only while few
    /// calls are in flight, so that events accumulate and fewer calls are needed.
    private int maxCalls() {
        if (pause.isTargetFailing()) {
            return 1;
        }
        return buffer.ready().size() >= target.maxEvents()
                ? maxConcurrentCalls
                : Math.ceilDiv(maxConcurrentCalls, 4);
    }

    /// Sends the events that are ready.
    void send() {
        sendWhileReady(1);
    }

    /// Sends those of the events that are ready that fill calls.
    void sendFull() {
        sendWhileReady(fullCall);
    }

    /// @param least how many events must be ready for the next call
    private void sendWhileReady(int least) {
        while (buffer.ready().size() >= least && canSend()) {
            var call = nextCall(target.maxEvents(), target.maxBytes());
            if (call.isEmpty()) {
                return;
            }
            inFlight++;
            start(call);
        }
    }

    /// A call that cannot be started is one that failed, so that its events are read again.
    private void start(List<KeyQueue> call) {
        boolean isStarted = false;
        try {
            var events = call.stream().map(queue -> queue.head().event()).toList();
            Thread.ofVirtual().name("outbox-call").start(() -> publish(call, events));
            isStarted = true;
        } finally {
            if (!isStarted) {
                onCompleted.accept(
                        call,
                        new OutboxTarget.PublishResult.TargetUnavailable(
                                "the call could not be started"));
            }
        }
    }

    /// Takes the events of a call from those that are ready, at the end and at once: what throws
    /// before that leaves them ready.
    private List<KeyQueue> nextCall(int maxEvents, int maxBytes) {
        long now = System.nanoTime();
        var call = new ArrayList<KeyQueue>();
        long bytes = 0;
        for (Iterator<KeyQueue> next = buffer.ready().iterator(); next.hasNext(); ) {
            var queue = next.next();
            if (!shards.maySend(queue, now)) {
                // Another relay may own the shard now; otherwise the events are read again.
                reader.evict(queue);
                next.remove();
                continue;
            }
            int size = sizeOf(queue.head().event(), maxBytes);
            if (!call.isEmpty() && (queue.isAlone || bytes + size > maxBytes)) {
                break;
            }
            call.add(queue);
            bytes += size;
            if (queue.isAlone || call.size() == maxEvents) {
                break;
            }
        }
        call.forEach(_ -> buffer.ready().removeFirst());
        return call;
    }

    /// An event whose size the target cannot compute fills a call, so that it delays no other.
    private int sizeOf(OutboxEvent event, int maxBytes) {
        try {
            return target.bytes(event);
        } catch (RuntimeException | Error unexpected) {
            log.error(
                    "target {}: cannot compute the size of event {}: {}",
                    name,
                    event,
                    OutboxFailureDescription.withOrigin(unexpected));
            return maxBytes;
        }
    }

    private void publish(List<KeyQueue> call, List<OutboxEvent> events) {
        OutboxTarget.PublishResult result =
                new OutboxTarget.PublishResult.TargetUnavailable("the call ended without a result");
        try {
            result = FaultyTargetException.requireComplete(target.publish(events), events.size());
        } catch (FaultyTargetException faulty) {
            var reason = String.valueOf(faulty.getMessage());
            result = reportFaulty(reason, reason);
        } catch (RuntimeException | Error unexpected) {
            result =
                    reportFaulty(
                            OutboxFailureDescription.of(unexpected),
                            OutboxFailureDescription.withOrigin(unexpected));
        } finally {
            onCompleted.accept(call, result);
        }
    }

    /// The result of a call that the target could not handle. One of its events may be the cause
    /// and must delay no other, so the relay sends them again one by one.
    ///
    /// @param detail the reason, for the log also with the place in the code
    private OutboxTarget.PublishResult reportFaulty(String reason, String detail) {
        log.error("call of target {} failed unexpectedly: {}", name, detail);
        return new OutboxTarget.PublishResult.CallRejected(
                new OutboxTarget.EntryResult.EntryBlocked(reason));
    }
}
