package dev.orderflow.order.relay;

import dev.orderflow.defaults.tracing.RedactedException;
import dev.orderflow.order.outbox.Shard;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes events from the outbox to a target.
///
/// One thread owns all state and runs all database statements. Calls to the target run on virtual
/// threads and return their results as signals. Therefore nothing here is locked, a slow call
/// delays only its own events, and no transaction is open during a call.
///
/// Each order with events in memory has a [KeyQueue]. Only the first event of a queue is in flight.
final class OutboxRelay {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

    /// Delay before the next database statement after one has failed.
    private static final Duration DATABASE_PAUSE = Duration.ofMillis(500);

    /// Longest pause of the whole relay after a call in which every entry failed. Each of these
    /// events is also deferred by itself, so a few that keep failing must not delay the others for
    /// longer.
    private static final Duration MAX_PAUSE_FOR_EVENTS = Duration.ofSeconds(1);

    private final OutboxRepository repository;
    private final ShardLeases shardLeases;
    private final OutboxTarget target;
    private final OutboxRelayProperties properties;
    private final RelayMeters counters;

    private final BlockingQueue<RelaySignal> signals = new LinkedBlockingQueue<>();
    private volatile @Nullable Thread thread;
    private volatile OutboxTarget.TargetState targetState =
            new OutboxTarget.TargetState.TargetUnknown("not checked yet");

    // The fields below belong to the relay's own thread.
    private Map<Shard, ShardLease> leases = Map.of();
    private final TreeSet<Shard> surplus = new TreeSet<>();
    private final Map<UUID, KeyQueue> queues = new HashMap<>();
    private final Deque<KeyQueue> ready = new ArrayDeque<>();
    private final List<KeyQueue> accepted = new ArrayList<>();
    private final Deque<PublishFailure> failures = new ArrayDeque<>();
    private int buffered;
    private int callsInFlight;
    private int consecutiveFailures;
    private long pausedUntil = System.nanoTime();
    private long nextPoll = System.nanoTime();
    private long nextRenewal = System.nanoTime();
    private boolean hasMore;

    /// Whether the bus was checked since the last failure and is not known to be missing.
    private boolean mayPublish;

    private boolean isCheckingTarget;
    private long nextTargetCheck = System.nanoTime();
    private boolean isStopping;
    private long stopBy;

    OutboxRelay(
            OutboxRepository backlog,
            ShardLeases shardLeases,
            OutboxTarget target,
            OutboxRelayProperties properties,
            RelayMeters counters) {
        this.repository = backlog;
        this.shardLeases = shardLeases;
        this.target = target;
        this.properties = properties;
        this.counters = counters;
    }

    /// The events of one order that are in memory.
    private static final class KeyQueue {

        final UUID orderId;
        final Shard shard;
        final Deque<PendingEvent> events = new ArrayDeque<>();

        /// The lease under which the events were read.
        final long token;

        /// Whether its next event is sent in a call of its own, to find the entry that was
        /// rejected.
        boolean isAlone;

        /// Whether another event of the order was stored after these were fetched.
        boolean isOutdated;

        KeyQueue(PendingEvent first, long token) {
            this.orderId = first.orderId();
            this.shard = first.shard();
            this.token = token;
        }

        PendingEvent head() {
            return events.getFirst();
        }
    }

    /// Why an event was not published.
    ///
    /// @param reason the target's error code; bounded and printable, so that it can be stored
    private record PublishFailure(KeyQueue queue, String reason, FailureKind kind) {

        enum FailureKind {
            /// The event itself is at fault; counts as one of its attempts.
            REJECTED,
            /// Transient failure of the target.
            FAILED,
            /// Lasts until access or configuration is changed.
            BLOCKED,
            /// The event was not sent because a step before publishing failed.
            WITHHELD
        }

        PublishFailure {
            reason = reason.replaceAll("[^\\x20-\\x7E]", "?");
            reason = reason.substring(0, Math.min(reason.length(), 200));
        }
    }

    private sealed interface RelaySignal {

        record EventAvailable(UUID orderId) implements RelaySignal {}

        record CallCompleted(List<KeyQueue> call, OutboxTarget.PublishResult answer)
                implements RelaySignal {}

        record TargetChecked(OutboxTarget.TargetState found) implements RelaySignal {}

        record StopRequested() implements RelaySignal {}
    }

    /// Starts the relay's thread. A relay can be started once.
    void start() {
        thread = Thread.ofPlatform().name("outbox-relay").daemon().start(this::run);
    }

    /// Signals that an event of an order was committed. Never blocks.
    void wakeUp(UUID orderId) {
        signals.add(new RelaySignal.EventAvailable(orderId));
    }

    /// Fetches nothing more, waits for the calls in flight, releases the leases and returns.
    void stop() throws InterruptedException {
        var running = this.thread;
        if (running == null) {
            return;
        }
        signals.add(new RelaySignal.StopRequested());
        running.join(properties.shutdownTimeout().plus(DATABASE_PAUSE.multipliedBy(4)));
        if (running.isAlive()) {
            log.warn("outbox relay did not stop in time; events in flight will be published again");
            running.interrupt();
        }
    }

    private void run() {
        try {
            while (!isDone()) {
                try {
                    runOnce();
                } catch (RuntimeException failure) {
                    // Results that could not be stored are kept and stored again.
                    log.warn(
                            "outbox relay: database call failed, retrying: {}", failure.toString());
                    TimeUnit.MILLISECONDS.sleep(DATABASE_PAUSE.toMillis());
                }
            }
            releaseLeases();
        } catch (InterruptedException _) {
            log.warn("outbox relay was interrupted; its leases expire by themselves");
        }
    }

    private boolean isDone() {
        boolean nothingOpen = callsInFlight == 0 && accepted.isEmpty() && failures.isEmpty();
        return isStopping && (nothingOpen || stopBy - System.nanoTime() < 0);
    }

    private void releaseLeases() {
        try {
            shardLeases.releaseAll();
        } catch (RuntimeException failure) {
            log.warn(
                    "could not release the shard leases; they expire by themselves: {}",
                    failure.toString());
        }
    }

    private void runOnce() throws InterruptedException {
        drainSignals();
        applyResults();
        renewLeases();
        releaseSurplus();
        if (isStopping) {
            ready.forEach(this::evict);
            ready.clear();
        } else if (pausedUntil - System.nanoTime() <= 0) {
            checkTarget();
            if (mayPublish) {
                fetch();
                dispatch();
            }
        }
    }

    /// Checks on another thread whether the bus exists: a slow response must not delay the renewal
    /// of leases.
    private void checkTarget() {
        if (isCheckingTarget || nextTargetCheck - System.nanoTime() > 0) {
            return;
        }
        isCheckingTarget = true;
        Thread.ofVirtual()
                .name("outbox-target-check")
                .start(
                        () -> {
                            OutboxTarget.TargetState found =
                                    new OutboxTarget.TargetState.TargetUnknown(
                                            "the check was aborted");
                            try {
                                found = target.findState();
                            } catch (RuntimeException unexpected) {
                                found =
                                        new OutboxTarget.TargetState.TargetUnknown(
                                                unexpected.getClass().getSimpleName());
                            } finally {
                                signals.add(new RelaySignal.TargetChecked(found));
                            }
                        });
    }

    private void applyTargetState(OutboxTarget.TargetState found) {
        isCheckingTarget = false;
        if (!mayPublish) {
            nextPoll = System.nanoTime();
        }
        var before = targetState;
        targetState = found;
        nextTargetCheck = System.nanoTime() + properties.busCheckInterval().toNanos();
        switch (found) {
            case OutboxTarget.TargetState.TargetMissing _ -> {
                mayPublish = false;
                hasMore = false;
                if (!(before instanceof OutboxTarget.TargetState.TargetMissing)) {
                    log.error(
                            "event bus {} does not exist; events wait in the outbox until it does",
                            properties.bus());
                }
            }
            case OutboxTarget.TargetState.TargetExists _ -> {
                mayPublish = true;
                if (before instanceof OutboxTarget.TargetState.TargetMissing) {
                    log.info("event bus {} exists again; publishing resumes", properties.bus());
                }
            }
            case OutboxTarget.TargetState.TargetUnknown(var reason) -> {
                // Publishing continues: only a bus that is certainly missing would accept events
                // and lose them. A bus that was missing stays missing until a check finds it.
                mayPublish = !(before instanceof OutboxTarget.TargetState.TargetMissing);
                targetState = mayPublish ? found : before;
                if (!(before instanceof OutboxTarget.TargetState.TargetUnknown)) {
                    log.warn("cannot check whether the event bus exists: {}", reason);
                }
            }
        }
    }

    /// The bus's last known state. May be called on any thread.
    OutboxTarget.TargetState targetState() {
        return targetState;
    }

    /// Time until there is something to do without a signal, in nanoseconds.
    private long idleFor() {
        long now = System.nanoTime();
        if (!accepted.isEmpty() || !failures.isEmpty()) {
            // The database failed when these results were to be stored.
            return 0;
        }
        if (isStopping) {
            return stopBy - now;
        }
        long idle = nextRenewal - now;
        if (!isCheckingTarget) {
            idle = Math.min(idle, Math.max(nextTargetCheck, pausedUntil) - now);
        }
        if (!mayPublish) {
            return idle;
        }
        if (hasRoom()) {
            long look = hasMore ? 0 : nextPoll - now;
            idle = Math.min(idle, Math.max(look, pausedUntil - now));
        } else if (!ready.isEmpty() && callsInFlight < maxCalls()) {
            idle = Math.min(idle, pausedUntil - now);
        }
        return idle;
    }

    /// Waits for a signal or the next scheduled action, and applies all signals.
    private void drainSignals() throws InterruptedException {
        var drained = new ArrayList<RelaySignal>();
        var first = signals.poll(idleFor(), TimeUnit.NANOSECONDS);
        if (first != null) {
            drained.add(first);
            signals.drainTo(drained);
        }
        for (var signal : drained) {
            switch (signal) {
                case RelaySignal.EventAvailable(var orderId) -> applyStored(orderId);
                case RelaySignal.CallCompleted(var call, var answer) ->
                        applyCallResult(call, answer);
                case RelaySignal.TargetChecked(var found) -> applyTargetState(found);
                case RelaySignal.StopRequested _ -> {
                    isStopping = true;
                    stopBy = System.nanoTime() + properties.shutdownTimeout().toNanos();
                }
            }
        }
    }

    private void applyStored(UUID orderId) {
        var queue = queues.get(orderId);
        if (queue != null) {
            queue.isOutdated = true;
        } else if (leases.containsKey(Shard.of(orderId))) {
            nextPoll = System.nanoTime();
        }
    }

    private void applyCallResult(List<KeyQueue> call, OutboxTarget.PublishResult answer) {
        callsInFlight--;
        switch (answer) {
            case OutboxTarget.PublishResult.EntryResults(var each) -> applyEntryResults(call, each);
            case OutboxTarget.PublishResult.CallRejected(var verdict) when call.size() == 1 ->
                    applyEntryResults(call, List.of(verdict));
            case OutboxTarget.PublishResult.CallRejected _ -> {
                call.forEach(queue -> queue.isAlone = true);
                call.reversed().forEach(ready::addFirst);
            }
            case OutboxTarget.PublishResult.TargetUnavailable(var reason) -> {
                call.forEach(this::evict);
                pause(reason, properties.maxPause());
            }
            case OutboxTarget.PublishResult.CallBlocked(var reason) -> {
                call.forEach(
                        queue -> addFailure(queue, reason, PublishFailure.FailureKind.BLOCKED));
                pause(reason, properties.maxPause());
            }
        }
    }

    private void applyEntryResults(List<KeyQueue> call, List<OutboxTarget.EntryResult> each) {
        boolean isThrottled = false;
        // An entry that was accepted or rejected for its content shows that the bus works.
        boolean hasEntryDecision = false;
        String failureReason = "";
        for (int i = 0; i < call.size(); i++) {
            var queue = call.get(i);
            switch (each.get(i)) {
                case OutboxTarget.EntryResult.EntryAccepted _ -> {
                    counters.published().increment();
                    accepted.add(queue);
                    hasEntryDecision = true;
                }
                case OutboxTarget.EntryResult.EntryRejected(var reason) -> {
                    counters.refused().increment();
                    addFailure(queue, reason, PublishFailure.FailureKind.REJECTED);
                    hasEntryDecision = true;
                }
                case OutboxTarget.EntryResult.EntryFailed(var reason) -> {
                    addFailure(queue, reason, PublishFailure.FailureKind.FAILED);
                    failureReason = reason;
                }
                case OutboxTarget.EntryResult.EntryBlocked(var reason) -> {
                    addFailure(queue, reason, PublishFailure.FailureKind.BLOCKED);
                    failureReason = reason;
                }
                case OutboxTarget.EntryResult.EntryWithheld(var reason) ->
                        addFailure(queue, reason, PublishFailure.FailureKind.WITHHELD);
                case OutboxTarget.EntryResult.EntryThrottled _ -> {
                    evict(queue);
                    isThrottled = true;
                }
            }
        }
        if (hasEntryDecision) {
            consecutiveFailures = 0;
        }
        if (isThrottled) {
            pause("throttled", properties.maxPause());
        } else if (!hasEntryDecision && !failureReason.isEmpty()) {
            pause(failureReason, shorter(MAX_PAUSE_FOR_EVENTS, properties.maxPause()));
        }
    }

    private void addFailure(KeyQueue queue, String reason, PublishFailure.FailureKind kind) {
        failures.add(new PublishFailure(queue, reason, kind));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /// Removes an order's events from memory; those still in the outbox are fetched again.
    private void evict(KeyQueue queue) {
        buffered -= queue.events.size();
        queues.remove(queue.orderId);
        if (queue.isOutdated) {
            nextPoll = System.nanoTime();
        }
    }

    /// Pauses publishing, for longer after each consecutive failure, with jitter because every
    /// instance sees the same outage. The cause may be that the bus was deleted, so its state is
    /// checked before the next call.
    private void pause(String reason, Duration longest) {
        counters.failedCalls().increment();
        if (pausedUntil - System.nanoTime() > 0) {
            // Concurrent calls failed together; one pause is enough.
            return;
        }
        consecutiveFailures++;
        long most =
                Math.min(
                        properties.pollInterval().toNanos()
                                << Math.min(consecutiveFailures - 1, 16),
                        longest.toNanos());
        long delay = most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
        pausedUntil = System.nanoTime() + delay;
        hasMore = false;
        nextPoll = pausedUntil;
        mayPublish = false;
        nextTargetCheck = pausedUntil;
        log.warn("PutEvents failed ({}); retrying in {} ms", reason, delay / 1_000_000);
    }

    /// Stores the results of calls. When the database fails here, the events stay in memory, so
    /// that they are not published again only for that reason.
    private void applyResults() {
        if (!accepted.isEmpty()) {
            repository.deletePublished(accepted.stream().map(KeyQueue::head).toList());
            for (var queue : accepted) {
                queue.events.removeFirst();
                buffered--;
                if (queue.events.isEmpty()) {
                    evict(queue);
                } else {
                    ready.addLast(queue);
                }
            }
            accepted.clear();
        }
        if (!failures.isEmpty()) {
            applyFailures();
        }
    }

    private void applyFailures() {
        var deferrals = new ArrayList<OutboxRepository.EventDeferral>();
        for (var failure : failures) {
            var event = failure.queue().head();
            if (failure.kind() == PublishFailure.FailureKind.REJECTED
                    && event.attempts() + 1 >= properties.maxAttempts()) {
                // Has no effect when the event was parked before the database failed.
                park(event, failure.queue().token, event.attempts() + 1, failure.reason());
            } else {
                deferrals.add(deferralFor(failure));
            }
        }
        if (!deferrals.isEmpty()) {
            repository.defer(deferrals);
            deferrals.forEach(
                    it ->
                            log.warn(
                                    "event {} was not published ({}), attempt {} of {}, deferral {};"
                                            + " retrying in {} ms",
                                    it.event().event(),
                                    it.reason(),
                                    it.attempts(),
                                    properties.maxAttempts(),
                                    it.deferrals(),
                                    it.delay().toMillis()));
        }
        failures.forEach(failure -> evict(failure.queue()));
        failures.clear();
    }

    private OutboxRepository.EventDeferral deferralFor(PublishFailure failure) {
        var event = failure.queue().head();
        boolean counts = failure.kind() == PublishFailure.FailureKind.REJECTED;
        int attempts = event.attempts() + (counts ? 1 : 0);
        int deferralCount = event.deferrals() + (counts ? 0 : 1);
        var delay =
                switch (failure.kind()) {
                    case REJECTED -> properties.backoffAfter(attempts);
                    case FAILED, BLOCKED ->
                            shorter(properties.backoffAfter(deferralCount), properties.maxPause());
                    case WITHHELD -> properties.maxPause();
                };
        return new OutboxRepository.EventDeferral(
                event,
                failure.queue().token,
                attempts,
                deferralCount,
                failure.kind() == PublishFailure.FailureKind.BLOCKED,
                delay,
                failure.reason());
    }

    private void park(PendingEvent event, long token, int attempts, String reason) {
        if (repository.park(event, token, attempts, reason)) {
            counters.parked().increment();
            log.error("event {} is parked: {}", event.event(), reason);
        }
    }

    private void renewLeases() {
        long now = System.nanoTime();
        if (nextRenewal - now > 0 || isStopping) {
            return;
        }
        var holding = shardLeases.acquireOrRenew();
        if (!holding.leases().keySet().equals(leases.keySet())) {
            log.info("publishing shards {}", holding.leases().keySet());
            nextPoll = now;
        }
        leases = holding.leases();
        surplus.clear();
        leases.keySet().stream()
                .sorted(Comparator.reverseOrder())
                .limit(holding.surplus())
                .forEach(surplus::add);
        nextRenewal = now + properties.leaseDuration().toNanos() / 5;
    }

    /// Releases shards beyond this relay's fair share once none of their events is in flight.
    private void releaseSurplus() {
        if (surplus.isEmpty()) {
            return;
        }
        var idle = new TreeSet<>(surplus);
        queues.values().forEach(queue -> idle.remove(queue.shard));
        if (!idle.isEmpty()) {
            shardLeases.release(idle);
            var kept = new HashMap<>(leases);
            kept.keySet().removeAll(idle);
            leases = kept;
            surplus.removeAll(idle);
        }
    }

    /// Fetches events into the queues.
    private void fetch() {
        long now = System.nanoTime();
        if (!hasRoom() || !(hasMore || nextPoll - now <= 0)) {
            return;
        }
        int room = properties.bufferSize() - buffered;
        nextPoll = now + properties.pollInterval().toNanos();
        var shards = publishableShards(now);
        if (shards.isEmpty()) {
            hasMore = false;
            return;
        }
        var events = repository.findOldest(shards, queues.keySet(), room);
        hasMore = events.size() == room;
        for (var event : events) {
            var lease = leases.get(event.shard());
            if (lease == null) {
                continue;
            }
            if (event.isBehindParked()) {
                park(
                        event,
                        lease.token(),
                        event.attempts(),
                        "an earlier event of its order is parked");
                continue;
            }
            queues.computeIfAbsent(
                            event.orderId(),
                            _ -> {
                                var queue = new KeyQueue(event, lease.token());
                                ready.addLast(queue);
                                return queue;
                            })
                    .events
                    .addLast(event);
            buffered++;
        }
    }

    /// Whether half of the buffer is free: a few large reads cost less than many small ones.
    private boolean hasRoom() {
        return buffered <= properties.bufferSize() / 2;
    }

    private Collection<Shard> publishableShards(long now) {
        return leases.entrySet().stream()
                .filter(entry -> entry.getValue().isSure(now))
                .map(Map.Entry::getKey)
                .filter(shard -> !surplus.contains(shard))
                .toList();
    }

    private void dispatch() {
        while (!ready.isEmpty() && callsInFlight < maxCalls()) {
            var call = nextCall();
            if (call.isEmpty()) {
                return;
            }
            callsInFlight++;
            var events = call.stream().map(queue -> queue.head().event()).toList();
            Thread.ofVirtual().name("outbox-call").start(() -> publish(call, events));
        }
    }

    /// One call at a time after a failure. Calls with fewer than ten events are sent only while few
    /// calls are in flight, so that events accumulate and fewer calls are needed.
    private int maxCalls() {
        if (consecutiveFailures > 0) {
            return 1;
        }
        return ready.size() >= OutboxTarget.MAX_EVENTS
                ? properties.maxConcurrentCalls()
                : Math.ceilDiv(properties.maxConcurrentCalls(), 4);
    }

    private List<KeyQueue> nextCall() {
        long now = System.nanoTime();
        var call = new ArrayList<KeyQueue>();
        int bytes = 0;
        for (Iterator<KeyQueue> next = ready.iterator(); next.hasNext(); ) {
            var queue = next.next();
            var lease = leases.get(queue.shard);
            if (lease == null || lease.token() != queue.token || !lease.isSure(now)) {
                // Another relay may own the shard now; otherwise the events are fetched again.
                evict(queue);
                next.remove();
                continue;
            }
            int weight = queue.head().event().bytes();
            if (!call.isEmpty() && (queue.isAlone || bytes + weight > OutboxTarget.MAX_BYTES)) {
                break;
            }
            next.remove();
            call.add(queue);
            bytes += weight;
            if (queue.isAlone || call.size() == OutboxTarget.MAX_EVENTS) {
                break;
            }
        }
        return call;
    }

    private void publish(List<KeyQueue> call, List<OutgoingEvent> events) {
        OutboxTarget.PublishResult answer =
                new OutboxTarget.PublishResult.TargetUnavailable("the call ended without a result");
        try {
            answer = target.publish(events);
        } catch (RuntimeException unexpected) {
            log.warn("PutEvents call failed unexpectedly", RedactedException.of(unexpected));
            answer =
                    new OutboxTarget.PublishResult.TargetUnavailable(
                            unexpected.getClass().getSimpleName());
        } finally {
            signals.add(new RelaySignal.CallCompleted(call, answer));
        }
    }
}
