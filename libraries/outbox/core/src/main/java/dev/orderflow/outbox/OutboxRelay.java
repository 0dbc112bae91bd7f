package dev.orderflow.outbox;

import dev.orderflow.outbox.FailurePolicy.PublishFailure;
import dev.orderflow.outbox.FailurePolicy.PublishFailure.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Publishes events from the outbox to a target.
///
/// One thread owns all state and runs all database statements. Calls to the target run on virtual
/// threads and return their results as signals. Therefore nothing here is locked, a slow call
/// delays only its own events, and no transaction is open during a call.
///
/// Each key with events in memory has a [KeyQueue]. Only the first event of a queue is in flight.
public final class OutboxRelay {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

    /// Delay before the next database statement after one has failed.
    private static final Duration DATABASE_PAUSE = Duration.ofMillis(500);

    /// How often scheduled events are looked for, and so how late they may be.
    private static final Duration DUE_CHECK_INTERVAL = Duration.ofMillis(500);

    private static final Duration FLOOR_SAMPLE_INTERVAL = Duration.ofSeconds(1);

    /// Longest pause of the whole relay after a call in which every entry failed. Each of these
    /// events is also deferred by itself, so a few that keep failing must not delay the others for
    /// longer.
    private static final Duration MAX_PAUSE_FOR_EVENTS = Duration.ofSeconds(1);

    private final String name;
    private final OutboxRepository repository;
    private final ShardLeases shardLeases;
    private final OutboxTarget target;
    private final RelaySettings settings;
    private final RelayObserver observer;
    private final FailurePolicy failurePolicy;

    private final BlockingQueue<RelaySignal> signals = new LinkedBlockingQueue<>();
    private volatile @Nullable Thread thread;

    // The fields below belong to the relay's own thread.
    private Map<Shard, ShardLease> leases = Map.of();
    private final TreeSet<Shard> surplus = new TreeSet<>();
    private final EventBuffer buffer;
    private final TargetStateMonitor targetMonitor;
    private final List<KeyQueue> accepted = new ArrayList<>();
    private final List<PublishFailure> failures = new ArrayList<>();
    private int callsInFlight;
    private int consecutiveFailures;
    private long pausedUntil = System.nanoTime();
    private long nextPoll = System.nanoTime();
    private long nextRenewal = System.nanoTime();
    private boolean hasMore;
    private boolean hasShardRows;
    private final BatchTimer batchTimer;
    private final ScanFloor floor = new ScanFloor();
    private List<Shard> scannedShards = List.of();
    private long nextFloorSample = System.nanoTime();
    private long nextFullScan = System.nanoTime();
    private long nextDueCheck = System.nanoTime();

    private boolean isStopping;
    private long stopBy;

    /// A relay that is not started yet.
    ///
    /// @param name the target's, as it is stored with each of its events
    /// @param jdbc on the outbox's data source
    /// @param transactions on the same data source
    public OutboxRelay(
            String name,
            OutboxTarget target,
            JdbcClient jdbc,
            TransactionOperations transactions,
            ParkedEventListener parkedEventListener,
            RelaySettings settings,
            RelayObserver observer) {
        this(
                name,
                target,
                jdbc,
                transactions,
                parkedEventListener,
                settings,
                observer,
                UUID.randomUUID());
    }

    OutboxRelay(
            String name,
            OutboxTarget target,
            JdbcClient jdbc,
            TransactionOperations transactions,
            ParkedEventListener parkedEventListener,
            RelaySettings settings,
            RelayObserver observer,
            UUID id) {
        this.name = name;
        this.target = target;
        this.repository = new OutboxRepository(jdbc, transactions, parkedEventListener, name, id);
        this.shardLeases = new ShardLeases(jdbc, name, id, settings.leaseDuration());
        this.settings = settings;
        this.observer = observer;
        this.batchTimer =
                new BatchTimer(settings.batchDelay(), target.maxEvents(), System.nanoTime());
        this.failurePolicy = new FailurePolicy(settings);
        this.buffer = new EventBuffer(settings.bufferSize());
        this.targetMonitor =
                new TargetStateMonitor(
                        name,
                        target,
                        settings.targetCheckInterval(),
                        found -> signals.add(new RelaySignal.TargetChecked(found)));
    }

    /// The name of its target.
    public String target() {
        return name;
    }

    private sealed interface RelaySignal {

        record EventAvailable(String key) implements RelaySignal {}

        record EventsReleased(Set<String> keys) implements RelaySignal {}

        record CallCompleted(List<KeyQueue> call, OutboxTarget.PublishResult result)
                implements RelaySignal {}

        record TargetChecked(OutboxTarget.TargetState found) implements RelaySignal {}

        record StopRequested() implements RelaySignal {}
    }

    /// Starts the relay's thread. A relay can be started once.
    public void start() {
        thread = Thread.ofPlatform().name("outbox-relay-" + name).daemon().start(this::run);
    }

    /// Signals that an event of a key was committed. Never blocks.
    public void wakeUp(String key) {
        signals.add(new RelaySignal.EventAvailable(key));
    }

    /// Signals that parked events of some keys were put back. Never blocks.
    void wakeUpReleased(Set<String> keys) {
        signals.add(new RelaySignal.EventsReleased(Set.copyOf(keys)));
    }

    /// Fetches nothing more, waits for the calls in flight, releases the leases and returns.
    public void stop() throws InterruptedException {
        var running = this.thread;
        if (running == null) {
            return;
        }
        signals.add(new RelaySignal.StopRequested());
        running.join(settings.shutdownTimeout().plus(DATABASE_PAUSE.multipliedBy(4)));
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
                            "outbox relay {}: database call failed, retrying: {}",
                            name,
                            failure.toString());
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
            buffer.ready().forEach(this::evict);
            buffer.ready().clear();
        } else if (pausedUntil - System.nanoTime() <= 0) {
            targetMonitor.checkIfDue();
            if (targetMonitor.mayPublish()) {
                fetch();
                dispatch();
            }
        }
    }

    private void applyTargetState(OutboxTarget.TargetState found) {
        if (!targetMonitor.mayPublish()) {
            nextPoll = System.nanoTime();
        }
        targetMonitor.apply(found);
        if (found instanceof OutboxTarget.TargetState.TargetMissing) {
            hasMore = false;
        }
    }

    /// The first row that the next poll reads. May be called on any thread.
    long scanFloor() {
        return floor.firstRow();
    }

    /// The target's last known state. May be called on any thread.
    public OutboxTarget.TargetState targetState() {
        return targetMonitor.state();
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
        if (!targetMonitor.isChecking()) {
            idle = Math.min(idle, Math.max(targetMonitor.nextCheck(), pausedUntil) - now);
        }
        if (!targetMonitor.mayPublish()) {
            return idle;
        }
        if (buffer.hasRoom()) {
            long untilFetch = hasMore ? 0 : Math.min(nextPoll, nextDueCheck) - now;
            idle = Math.min(idle, Math.max(untilFetch, pausedUntil - now));
        } else if (!buffer.ready().isEmpty() && callsInFlight < maxCalls()) {
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
                case RelaySignal.EventAvailable(var key) -> applyStored(key);
                case RelaySignal.EventsReleased(var keys) -> applyReleased(keys);
                case RelaySignal.CallCompleted(var call, var result) ->
                        applyCallResult(call, result);
                case RelaySignal.TargetChecked(var found) -> applyTargetState(found);
                case RelaySignal.StopRequested _ -> {
                    isStopping = true;
                    stopBy = System.nanoTime() + settings.shutdownTimeout().toNanos();
                }
            }
        }
    }

    /// Released events have the ids they had, which may be lower than all that is read otherwise.
    private void applyReleased(Set<String> keys) {
        nextFullScan = System.nanoTime();
        keys.forEach(this::applyStored);
    }

    private void applyStored(String key) {
        var queue = buffer.find(key);
        if (queue != null) {
            queue.isOutdated = true;
        } else if (leases.containsKey(Shard.of(key))) {
            pollSoon();
        }
    }

    /// Polls for an event that was stored.
    private void pollSoon() {
        long due = batchTimer.onStored(System.nanoTime());
        if (due - nextPoll < 0) {
            nextPoll = due;
        }
    }

    private void applyCallResult(List<KeyQueue> call, OutboxTarget.PublishResult result) {
        callsInFlight--;
        switch (result) {
            case OutboxTarget.PublishResult.EntryResults(var each) -> applyEntryResults(call, each);
            case OutboxTarget.PublishResult.CallRejected(var rejection) when call.size() == 1 ->
                    applyEntryResults(call, List.of(rejection));
            case OutboxTarget.PublishResult.CallRejected _ -> {
                call.forEach(queue -> queue.isAlone = true);
                call.reversed().forEach(buffer.ready()::addFirst);
            }
            case OutboxTarget.PublishResult.TargetUnavailable(var reason) -> {
                reportNotPublished(call, reason);
                call.forEach(this::evict);
                pause(reason, settings.maxPause());
            }
            case OutboxTarget.PublishResult.CallBlocked(var reason) -> {
                reportNotPublished(call, reason);
                call.forEach(queue -> addFailure(queue, reason, FailureKind.BLOCKED));
                pause(reason, settings.maxPause());
            }
        }
    }

    private void applyEntryResults(List<KeyQueue> call, List<OutboxTarget.EntryResult> each) {
        boolean isThrottled = false;
        // An entry that was accepted or rejected for its content shows that the target works.
        boolean hasEntryDecision = false;
        int accepts = 0;
        String failureReason = "";
        for (int i = 0; i < call.size(); i++) {
            var queue = call.get(i);
            switch (each.get(i)) {
                case OutboxTarget.EntryResult.EntryAccepted _ -> {
                    accepts++;
                    accepted.add(queue);
                    hasEntryDecision = true;
                }
                case OutboxTarget.EntryResult.EntryRejected(var reason) -> {
                    observer.onRejected();
                    reportNotPublished(List.of(queue), reason);
                    addFailure(queue, reason, FailureKind.REJECTED);
                    hasEntryDecision = true;
                }
                case OutboxTarget.EntryResult.EntryFailed(var reason) -> {
                    reportNotPublished(List.of(queue), reason);
                    addFailure(queue, reason, FailureKind.FAILED);
                    failureReason = reason;
                }
                case OutboxTarget.EntryResult.EntryBlocked(var reason) -> {
                    reportNotPublished(List.of(queue), reason);
                    addFailure(queue, reason, FailureKind.BLOCKED);
                    failureReason = reason;
                }
                case OutboxTarget.EntryResult.EntryWithheld(var reason) ->
                        addFailure(queue, reason, FailureKind.WITHHELD);
                case OutboxTarget.EntryResult.EntryThrottled _ -> {
                    evict(queue);
                    isThrottled = true;
                }
            }
        }
        observer.onPublished(accepts);
        if (hasEntryDecision) {
            consecutiveFailures = 0;
        }
        if (isThrottled) {
            pause("throttled", settings.maxPause());
        } else if (!hasEntryDecision && !failureReason.isEmpty()) {
            pause(failureReason, MAX_PAUSE_FOR_EVENTS);
        }
    }

    private void reportNotPublished(List<KeyQueue> queues, String reason) {
        observer.onNotPublished(
                queues.stream().map(queue -> queue.head().event()).toList(), reason);
    }

    private void addFailure(KeyQueue queue, String reason, FailureKind kind) {
        failures.add(new PublishFailure(queue, reason, kind));
    }

    /// Removes a key's events from memory; those still in the outbox are fetched again.
    private void evict(KeyQueue queue) {
        buffer.remove(queue);
        if (queue.isOutdated) {
            pollSoon();
        }
    }

    /// Pauses publishing, for longer after each consecutive failure, with jitter because every
    /// instance sees the same outage. The cause may be that the target was deleted, so its state is
    /// checked before the next call.
    private void pause(String reason, Duration longest) {
        observer.onCallFailed();
        if (pausedUntil - System.nanoTime() > 0) {
            // Concurrent calls failed together; one pause is enough.
            return;
        }
        consecutiveFailures++;
        long most =
                RelaySettings.shorter(settings.pauseAfter(consecutiveFailures), longest).toNanos();
        long delay = most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
        pausedUntil = System.nanoTime() + delay;
        hasMore = false;
        nextPoll = pausedUntil;
        targetMonitor.requireCheck(pausedUntil);
        log.warn(
                "publishing to target {} failed ({}); retrying in {} ms",
                name,
                reason,
                delay / 1_000_000);
    }

    /// Stores the results of calls. When the database fails here, the events stay in memory, so
    /// that they are not published again only for that reason.
    private void applyResults() {
        if (!accepted.isEmpty()) {
            repository.deletePublished(accepted.stream().map(KeyQueue::head).toList());
            for (var queue : accepted) {
                if (buffer.removeHead(queue)) {
                    evict(queue);
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
            if (failurePolicy.isFinal(failure)) {
                // Has no effect when the event was parked before the database failed.
                park(event, failure.queue().token, failure.attempts(), failure.reason());
            } else {
                deferrals.add(failurePolicy.deferralFor(failure));
            }
        }
        if (!deferrals.isEmpty()) {
            repository.defer(deferrals);
            observer.onRetried(deferrals.size());
            deferrals.forEach(
                    it ->
                            log.warn(
                                    "event {} was not published ({}), attempt {} of {}, deferral {};"
                                            + " retrying in {} ms",
                                    it.event().event(),
                                    it.reason(),
                                    it.attempts(),
                                    settings.maxAttempts(),
                                    it.deferrals(),
                                    it.delay().toMillis()));
        }
        failures.forEach(failure -> evict(failure.queue()));
        failures.clear();
    }

    private void park(PendingEvent event, long token, int attempts, String reason) {
        if (repository.park(event, token, attempts, reason)) {
            observer.onParked();
            log.error("event {} is parked: {}", event.event(), reason);
        }
    }

    private void renewLeases() {
        long now = System.nanoTime();
        if (nextRenewal - now > 0 || isStopping) {
            return;
        }
        if (!hasShardRows) {
            shardLeases.createShards();
            hasShardRows = true;
        }
        var allocation = shardLeases.acquireOrRenew();
        if (!allocation.leases().keySet().equals(leases.keySet())) {
            log.info("target {}: publishing shards {}", name, allocation.leases().keySet());
            nextPoll = now;
        }
        leases = allocation.leases();
        surplus.clear();
        leases.keySet().stream()
                .sorted(Comparator.reverseOrder())
                .limit(allocation.surplus())
                .forEach(surplus::add);
        nextRenewal = now + settings.leaseDuration().toNanos() / 5;
    }

    /// Releases shards beyond this relay's fair share once none of their events is in flight.
    private void releaseSurplus() {
        if (surplus.isEmpty()) {
            return;
        }
        var idle = new TreeSet<>(surplus);
        buffer.queues().forEach(queue -> idle.remove(queue.shard));
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
        if (!buffer.hasRoom() || !(hasMore || nextPoll - now <= 0 || nextDueCheck - now <= 0)) {
            return;
        }
        int room = buffer.room();
        boolean isDueCheck = nextDueCheck - now <= 0;
        if (isDueCheck) {
            nextDueCheck = now + DUE_CHECK_INTERVAL.toNanos();
        }
        nextPoll = now + settings.pollInterval().toNanos();
        var shards = publishableShards(now);
        if (shards.isEmpty()) {
            hasMore = false;
            return;
        }
        if (!shards.equals(scannedShards)) {
            floor.reset();
            scannedShards = shards;
        }
        if (isDueCheck) {
            repository.moveDue(shards);
        }
        raiseFloor(shards, now);
        boolean isFullScan = nextFullScan - now <= 0;
        var events =
                repository.findOldest(
                        shards,
                        buffer.keys(),
                        isFullScan ? ScanFloor.START : floor.firstRow(),
                        room);
        if (isFullScan) {
            nextFullScan = now + settings.fullScanInterval().toNanos();
        }
        events.forEach(event -> floor.include(event.rowId()));
        batchTimer.onRead(events.size(), now);
        hasMore = events.size() == room;
        for (var event : events) {
            var lease = leases.get(event.shard());
            if (lease == null) {
                continue;
            }
            var unreadable = event.unreadable();
            if (unreadable != null) {
                park(event, lease.token(), event.attempts(), FailurePolicy.bounded(unreadable));
                continue;
            }
            if (event.isBehindParked()) {
                park(
                        event,
                        lease.token(),
                        event.attempts(),
                        "an earlier event of its key is parked");
                continue;
            }
            buffer.add(event, lease.token());
        }
    }

    private void raiseFloor(Collection<Shard> shards, long now) {
        if (nextFloorSample - now <= 0) {
            floor.raise(repository.sampleFloor(shards, floor.firstRow()));
            nextFloorSample = now + FLOOR_SAMPLE_INTERVAL.toNanos();
        }
    }

    private List<Shard> publishableShards(long now) {
        return leases.entrySet().stream()
                .filter(entry -> entry.getValue().isSafe(now))
                .map(Map.Entry::getKey)
                .filter(shard -> !surplus.contains(shard))
                .sorted()
                .toList();
    }

    private void dispatch() {
        while (!buffer.ready().isEmpty() && callsInFlight < maxCalls()) {
            var call = nextCall();
            if (call.isEmpty()) {
                return;
            }
            callsInFlight++;
            var events = call.stream().map(queue -> queue.head().event()).toList();
            Thread.ofVirtual().name("outbox-call").start(() -> publish(call, events));
        }
    }

    /// One call at a time after a failure. Calls that are not full are sent only while few
    /// calls are in flight, so that events accumulate and fewer calls are needed.
    private int maxCalls() {
        if (consecutiveFailures > 0) {
            return 1;
        }
        return buffer.ready().size() >= target.maxEvents()
                ? settings.maxConcurrentCalls()
                : Math.ceilDiv(settings.maxConcurrentCalls(), 4);
    }

    private List<KeyQueue> nextCall() {
        long now = System.nanoTime();
        var call = new ArrayList<KeyQueue>();
        int bytes = 0;
        for (Iterator<KeyQueue> next = buffer.ready().iterator(); next.hasNext(); ) {
            var queue = next.next();
            var lease = leases.get(queue.shard);
            if (lease == null || lease.token() != queue.token || !lease.isSafe(now)) {
                // Another relay may own the shard now; otherwise the events are fetched again.
                evict(queue);
                next.remove();
                continue;
            }
            int weight = target.bytes(queue.head().event());
            if (!call.isEmpty() && (queue.isAlone || bytes + weight > target.maxBytes())) {
                break;
            }
            next.remove();
            call.add(queue);
            bytes += weight;
            if (queue.isAlone || call.size() == target.maxEvents()) {
                break;
            }
        }
        return call;
    }

    private void publish(List<KeyQueue> call, List<OutboxEvent> events) {
        OutboxTarget.PublishResult result =
                new OutboxTarget.PublishResult.TargetUnavailable("the call ended without a result");
        try {
            result = target.publish(events);
        } catch (RuntimeException unexpected) {
            log.warn(
                    "call of target {} failed unexpectedly: {} at {}",
                    name,
                    unexpected.getClass().getName(),
                    unexpected.getStackTrace().length == 0 ? "?" : unexpected.getStackTrace()[0]);
            result =
                    new OutboxTarget.PublishResult.TargetUnavailable(
                            unexpected.getClass().getSimpleName());
        } finally {
            signals.add(new RelaySignal.CallCompleted(call, result));
        }
    }
}
