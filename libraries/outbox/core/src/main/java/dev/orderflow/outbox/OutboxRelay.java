package dev.orderflow.outbox;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/// Publishes events from the outbox to a target.
///
/// One thread owns all state and runs all database statements. Calls to the target run on virtual
/// threads and return their results as signals. Therefore nothing here is locked, a slow call
/// delays only its own events, and no transaction is open during a call.
///
/// Each turn of the thread takes the same steps: it waits for signals and applies them, stores the
/// results of calls ([CallResults]), renews the leases of its shards ([LeasedShards]), reads events
/// into the [EventBuffer] ([OutboxReader]), and sends those that are ready ([TargetCalls]). Nothing
/// is read or sent during a [PublishPause] or while the target is missing ([TargetStateMonitor]).
///
/// Each key with events in memory has a [KeyQueue]. Only the first event of a queue is in flight.
public final class OutboxRelay {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

    /// Delay before the next turn after one has failed.
    private static final Duration FAILURE_PAUSE = Duration.ofMillis(500);

    private final String name;
    private final RelaySettings settings;
    private final BlockingQueue<RelaySignal> signals = new LinkedBlockingQueue<>();
    private volatile @Nullable Thread thread;

    // The fields below belong to the relay's own thread.
    private final LeasedShards shards;
    private final EventBuffer buffer;
    private final OutboxReader reader;
    private final TargetStateMonitor targetMonitor;
    private final PublishPause pause;
    private final TargetCalls calls;
    private final CallResults results;
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
        this.settings = settings;
        var repository = new OutboxRepository(jdbc, transactions, parkedEventListener, name, id);
        var safeObserver = RelayObserver.all(List.of(observer));
        var failurePolicy = new FailurePolicy(settings);
        var parking = new EventParking(repository, failurePolicy, safeObserver);
        shards =
                new LeasedShards(
                        name,
                        new ShardLeases(jdbc, transactions, name, id, settings.leaseDuration()),
                        settings.leaseDuration());
        buffer = new EventBuffer(settings.bufferSize());
        int fullCall = target.maxEvents();
        reader = new OutboxReader(repository, shards, buffer, parking, settings, fullCall);
        targetMonitor =
                new TargetStateMonitor(
                        name,
                        target,
                        settings.targetCheckInterval(),
                        found -> signals.add(new RelaySignal.TargetChecked(found)));
        pause = new PublishPause(name, settings);
        calls =
                new TargetCalls(
                        name,
                        target,
                        buffer,
                        shards,
                        reader,
                        pause,
                        settings.maxConcurrentCalls(),
                        fullCall,
                        (call, result) -> signals.add(new RelaySignal.CallCompleted(call, result)));
        results =
                new CallResults(
                        repository,
                        buffer,
                        reader,
                        parking,
                        pause,
                        targetMonitor,
                        settings,
                        failurePolicy,
                        safeObserver);
    }

    /// The name of its target.
    public String target() {
        return name;
    }

    /// The target's last known state. May be called on any thread.
    public OutboxTarget.TargetState targetState() {
        return targetMonitor.state();
    }

    /// Whether the relay was started and has not ended. May be called on any thread.
    public boolean isRunning() {
        var running = thread;
        return running != null && running.isAlive();
    }

    /// The first row that the next poll reads. May be called on any thread.
    long scanFloor() {
        return reader.firstRow();
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
    ///
    /// @throws IllegalStateException when it was started before
    public void start() {
        if (thread != null) {
            throw new IllegalStateException(
                    "the relay of target " + name + " was started before; create another one");
        }
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
        running.join(settings.shutdownTimeout().plus(FAILURE_PAUSE.multipliedBy(4)));
        if (running.isAlive()) {
            log.warn("outbox relay did not stop in time; events in flight will be published again");
            running.interrupt();
        }
    }

    private void run() {
        try {
            while (!isDone()) {
                if (!tryRunOnce()) {
                    TimeUnit.MILLISECONDS.sleep(FAILURE_PAUSE.toMillis());
                }
            }
            shards.releaseAll();
        } catch (InterruptedException _) {
            log.warn("outbox relay was interrupted; its leases expire by themselves");
        }
    }

    /// Takes one turn. Results that could not be stored are kept and stored in the next one.
    ///
    /// @return false if it failed
    private boolean tryRunOnce() throws InterruptedException {
        try {
            runOnce();
            return true;
        } catch (DataAccessException | TransactionException failure) {
            log.warn(
                    "outbox relay {}: {}; retrying in {} ms",
                    name,
                    OutboxFailureDescription.of(failure),
                    FAILURE_PAUSE.toMillis());
        } catch (RuntimeException | Error unexpected) {
            log.error(
                    "outbox relay {} failed unexpectedly: {}; retrying in {} ms",
                    name,
                    OutboxFailureDescription.withOrigin(unexpected),
                    FAILURE_PAUSE.toMillis());
        }
        return false;
    }

    private boolean isDone() {
        boolean nothingOpen = !calls.hasInFlight() && !results.hasUnstored();
        return isStopping && (nothingOpen || stopBy - System.nanoTime() < 0);
    }

    private void runOnce() throws InterruptedException {
        boolean isEachResultStored = !results.hasUnstored();
        drainSignals();
        if (isEachResultStored && !isStopping && pause.isOver() && targetMonitor.mayPublish()) {
            // The target works on these while results are stored and events are read. Without a
            // database nothing more is sent, because it would be sent again after a crash.
            calls.sendFull();
        }
        results.store();
        if (!isStopping && shards.renewIfDue()) {
            reader.readAt(System.nanoTime());
        }
        shards.releaseSurplus(buffer.queues());
        if (isStopping) {
            buffer.ready().forEach(reader::evict);
            buffer.ready().clear();
        } else if (pause.isOver()) {
            targetMonitor.checkIfDue();
            if (targetMonitor.mayPublish()) {
                reader.readIfDue();
                calls.send();
            }
        }
    }

    /// Waits for a signal or the next scheduled action, and applies all signals.
    private void drainSignals() throws InterruptedException {
        var signal = signals.poll(idleFor(), TimeUnit.NANOSECONDS);
        // Taken one by one, so that a failure of one does not lose the others.
        for (int others = signals.size(); signal != null; others--) {
            apply(signal);
            signal = others > 0 ? signals.poll() : null;
        }
    }

    private void apply(RelaySignal signal) {
        switch (signal) {
            case RelaySignal.EventAvailable(var key) -> reader.onStored(key);
            case RelaySignal.EventsReleased(var keys) -> reader.onReleased(keys);
            case RelaySignal.CallCompleted(var call, var result) -> {
                calls.complete();
                results.apply(call, result);
            }
            case RelaySignal.TargetChecked(var found) -> applyTargetState(found);
            case RelaySignal.StopRequested _ -> {
                isStopping = true;
                stopBy = System.nanoTime() + settings.shutdownTimeout().toNanos();
            }
        }
    }

    private void applyTargetState(OutboxTarget.TargetState found) {
        if (!targetMonitor.mayPublish()) {
            reader.readAt(System.nanoTime());
        }
        targetMonitor.apply(found);
    }

    /// Time until there is something to do without a signal, in nanoseconds.
    private long idleFor() {
        long now = System.nanoTime();
        if (results.hasUnstored()) {
            // The database failed when these results were to be stored.
            return 0;
        }
        if (isStopping) {
            return stopBy - now;
        }
        long untilResumed = pause.until() - now;
        long idle = shards.nextRenewal() - now;
        if (!targetMonitor.isChecking()) {
            idle = Math.min(idle, Math.max(targetMonitor.nextCheck() - now, untilResumed));
        }
        if (!targetMonitor.mayPublish()) {
            return idle;
        }
        if (buffer.hasRoom()) {
            idle = Math.min(idle, Math.max(reader.untilRead(now), untilResumed));
        } else if (calls.canSend()) {
            idle = Math.min(idle, untilResumed);
        }
        return idle;
    }
}
