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

/// Takes events from the backlog to the bus.
///
/// One thread owns everything that is known and does all that the database is asked; calls to the
/// bus run on virtual threads and come back as signals. So nothing here is locked, a slow call
/// holds up nothing but its own events, and no transaction is open while the bus is asked.
///
/// An order with events in memory has a lane. Only the first event of a lane is ever under way.
final class Relay {

    private static final Logger log = LoggerFactory.getLogger(Relay.class);

    /// When the database fails, it is asked again after so long.
    private static final Duration DATABASE_PAUSE = Duration.ofMillis(500);

    /// How long all wait at most when a call was answered and none of its events was taken.
    /// Each of them is put off by itself, so a few that never go out must not hold up the
    /// others for longer.
    private static final Duration LONGEST_PAUSE_FOR_EVENTS = Duration.ofSeconds(1);

    private final Backlog backlog;
    private final ShardLeases shardLeases;
    private final EventBus bus;
    private final RelayProperties properties;
    private final RelayCounters counters;

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private volatile @Nullable Thread thread;
    private volatile EventBus.Existence existence =
            new EventBus.Existence.Unknown("not looked for yet");

    // From here on for the relay's own thread only.
    private Map<Shard, Lease> leases = Map.of();
    private final TreeSet<Shard> leaving = new TreeSet<>();
    private final Map<UUID, Lane> lanes = new HashMap<>();
    private final Deque<Lane> ready = new ArrayDeque<>();
    private final List<Lane> accepted = new ArrayList<>();
    private final Deque<Setback> setbacks = new ArrayDeque<>();
    private int held;
    private int callsInFlight;
    private int failuresInARow;
    private long pausedUntil = System.nanoTime();
    private long nextLook = System.nanoTime();
    private long nextRenewal = System.nanoTime();
    private boolean isThereMore;

    /// Whether the bus was looked for since the last failure, and is not known to be missing.
    private boolean mayPublish;

    private boolean isLookingForBus;
    private long nextLookForBus = System.nanoTime();
    private boolean isStopping;
    private long stopBy;

    Relay(
            Backlog backlog,
            ShardLeases shardLeases,
            EventBus bus,
            RelayProperties properties,
            RelayCounters counters) {
        this.backlog = backlog;
        this.shardLeases = shardLeases;
        this.bus = bus;
        this.properties = properties;
        this.counters = counters;
    }

    /// The events of an order that are in memory.
    private static final class Lane {

        final UUID orderId;
        final Shard shard;
        final Deque<WaitingEvent> events = new ArrayDeque<>();

        /// The lease under which the events were read.
        final long token;

        /// Whether its next event goes in a call of its own, to find out which one is bad.
        boolean isAlone;

        /// Whether another event of the order was stored after these were read.
        boolean isOutdated;

        Lane(WaitingEvent first, long token) {
            this.orderId = first.orderId();
            this.shard = first.shard();
            this.token = token;
        }

        WaitingEvent head() {
            return events.getFirst();
        }
    }

    /// Why an event was not published.
    ///
    /// @param reason what the bus says; bounded and printable, so that it can be stored
    private record Setback(Lane lane, String reason, Kind kind) {

        enum Kind {
            /// It is the event's own fault, and counts as one of its attempts.
            REFUSED,
            /// It passes.
            FAILED,
            /// It lasts until access or configuration is changed.
            BLOCKED,
            /// What must be done before is not possible now.
            WITHHELD
        }

        Setback {
            reason = reason.replaceAll("[^\\x20-\\x7E]", "?");
            reason = reason.substring(0, Math.min(reason.length(), 200));
        }
    }

    private sealed interface Signal {

        record Stored(UUID orderId) implements Signal {}

        record Answered(List<Lane> call, EventBus.Answer answer) implements Signal {}

        record BusLookedFor(EventBus.Existence found) implements Signal {}

        record Stop() implements Signal {}
    }

    /// Starts working. A relay works once.
    void start() {
        thread = Thread.ofPlatform().name("outbox-relay").daemon().start(this::work);
    }

    /// Says that there is a new event of an order. Never waits.
    void look(UUID orderId) {
        signals.add(new Signal.Stored(orderId));
    }

    /// Takes nothing new, lets the calls in flight end, gives the shards to others and returns.
    void stop() throws InterruptedException {
        var working = thread;
        if (working == null) {
            return;
        }
        signals.add(new Signal.Stop());
        working.join(properties.stopWithin().plus(DATABASE_PAUSE.multipliedBy(4)));
        if (working.isAlive()) {
            log.warn("the relay hangs; what it had under way will be published again");
            working.interrupt();
        }
    }

    private void work() {
        try {
            while (!isDone()) {
                try {
                    turn();
                } catch (RuntimeException trouble) {
                    // Nothing is forgotten: what is not settled yet is tried again.
                    log.warn(
                            "outbox relay: database call failed, retrying: {}", trouble.toString());
                    TimeUnit.MILLISECONDS.sleep(DATABASE_PAUSE.toMillis());
                }
            }
            leave();
        } catch (InterruptedException _) {
            log.warn("the relay was interrupted; its shards go to others when their leases end");
        }
    }

    private boolean isDone() {
        boolean nothingOpen = callsInFlight == 0 && accepted.isEmpty() && setbacks.isEmpty();
        return isStopping && (nothingOpen || stopBy - System.nanoTime() < 0);
    }

    private void leave() {
        try {
            shardLeases.leave();
        } catch (RuntimeException trouble) {
            log.warn("the shards stay leased until they expire: {}", trouble.toString());
        }
    }

    private void turn() throws InterruptedException {
        hear();
        settle();
        keepLeases();
        releaseLeaving();
        if (isStopping) {
            ready.forEach(this::forget);
            ready.clear();
        } else if (pausedUntil - System.nanoTime() <= 0) {
            lookForBus();
            if (mayPublish) {
                take();
                send();
            }
        }
    }

    /// Asks whether the bus exists, on another thread: a slow answer must cost no lease.
    private void lookForBus() {
        if (isLookingForBus || nextLookForBus - System.nanoTime() > 0) {
            return;
        }
        isLookingForBus = true;
        Thread.ofVirtual()
                .name("outbox-bus")
                .start(
                        () -> {
                            EventBus.Existence found =
                                    new EventBus.Existence.Unknown("the question ended");
                            try {
                                found = bus.findBus();
                            } catch (RuntimeException unexpected) {
                                found =
                                        new EventBus.Existence.Unknown(
                                                unexpected.getClass().getSimpleName());
                            } finally {
                                signals.add(new Signal.BusLookedFor(found));
                            }
                        });
    }

    private void busLookedFor(EventBus.Existence found) {
        isLookingForBus = false;
        if (!mayPublish) {
            nextLook = System.nanoTime();
        }
        var before = existence;
        existence = found;
        nextLookForBus = System.nanoTime() + properties.lookForBusEvery().toNanos();
        switch (found) {
            case EventBus.Existence.Missing _ -> {
                mayPublish = false;
                isThereMore = false;
                if (!(before instanceof EventBus.Existence.Missing)) {
                    log.error(
                            "event bus {} does not exist; events wait in the outbox until it does",
                            properties.bus());
                }
            }
            case EventBus.Existence.Exists _ -> {
                mayPublish = true;
                if (before instanceof EventBus.Existence.Missing) {
                    log.info("event bus {} exists again", properties.bus());
                }
            }
            case EventBus.Existence.Unknown(var reason) -> {
                // Calls go on: their failures are noticed, and only a bus that is surely missing
                // would take events and lose them. One that was missing is so until it is seen.
                mayPublish = !(before instanceof EventBus.Existence.Missing);
                existence = mayPublish ? found : before;
                if (!(before instanceof EventBus.Existence.Unknown)) {
                    log.warn("cannot find out whether the event bus exists: {}", reason);
                }
            }
        }
    }

    /// What is known of the bus. May be asked on any thread.
    EventBus.Existence existence() {
        return existence;
    }

    /// How long there is nothing to do unless a signal comes.
    private long idleFor() {
        long now = System.nanoTime();
        if (!accepted.isEmpty() || !setbacks.isEmpty()) {
            // The database failed when they were to be settled.
            return 0;
        }
        if (isStopping) {
            return stopBy - now;
        }
        long idle = nextRenewal - now;
        if (!isLookingForBus) {
            idle = Math.min(idle, Math.max(nextLookForBus, pausedUntil) - now);
        }
        if (!mayPublish) {
            return idle;
        }
        if (hasRoom()) {
            long look = isThereMore ? 0 : nextLook - now;
            idle = Math.min(idle, Math.max(look, pausedUntil - now));
        } else if (!ready.isEmpty() && callsInFlight < mostCalls()) {
            idle = Math.min(idle, pausedUntil - now);
        }
        return idle;
    }

    /// Waits until there is something to do.
    private void hear() throws InterruptedException {
        var heard = new ArrayList<Signal>();
        var first = signals.poll(idleFor(), TimeUnit.NANOSECONDS);
        if (first != null) {
            heard.add(first);
            signals.drainTo(heard);
        }
        for (var signal : heard) {
            switch (signal) {
                case Signal.Stored(var orderId) -> stored(orderId);
                case Signal.Answered(var call, var answer) -> answered(call, answer);
                case Signal.BusLookedFor(var found) -> busLookedFor(found);
                case Signal.Stop _ -> {
                    isStopping = true;
                    stopBy = System.nanoTime() + properties.stopWithin().toNanos();
                }
            }
        }
    }

    private void stored(UUID orderId) {
        var lane = lanes.get(orderId);
        if (lane != null) {
            lane.isOutdated = true;
        } else if (leases.containsKey(Shard.of(orderId))) {
            nextLook = System.nanoTime();
        }
    }

    private void answered(List<Lane> call, EventBus.Answer answer) {
        callsInFlight--;
        switch (answer) {
            case EventBus.Answer.Each(var each) -> each(call, each);
            case EventBus.Answer.CallRefused(var verdict) when call.size() == 1 ->
                    each(call, List.of(verdict));
            case EventBus.Answer.CallRefused _ -> {
                call.forEach(lane -> lane.isAlone = true);
                call.reversed().forEach(ready::addFirst);
            }
            case EventBus.Answer.Unavailable(var reason) -> {
                call.forEach(this::forget);
                pause(reason, properties.longestPause());
            }
            case EventBus.Answer.Blocked(var reason) -> {
                call.forEach(lane -> setBack(lane, reason, Setback.Kind.BLOCKED));
                pause(reason, properties.longestPause());
            }
        }
    }

    private void each(List<Lane> call, List<EventBus.Verdict> each) {
        boolean isTooBusy = false;
        // Accepted or not for what it is, in both cases the bus works.
        boolean isAnyJudged = false;
        String failure = "";
        for (int i = 0; i < call.size(); i++) {
            var lane = call.get(i);
            switch (each.get(i)) {
                case EventBus.Verdict.Accepted _ -> {
                    counters.published().increment();
                    accepted.add(lane);
                    isAnyJudged = true;
                }
                case EventBus.Verdict.Refused(var reason) -> {
                    counters.refused().increment();
                    setBack(lane, reason, Setback.Kind.REFUSED);
                    isAnyJudged = true;
                }
                case EventBus.Verdict.Failed(var reason) -> {
                    setBack(lane, reason, Setback.Kind.FAILED);
                    failure = reason;
                }
                case EventBus.Verdict.Blocked(var reason) -> {
                    setBack(lane, reason, Setback.Kind.BLOCKED);
                    failure = reason;
                }
                case EventBus.Verdict.Withheld(var reason) ->
                        setBack(lane, reason, Setback.Kind.WITHHELD);
                case EventBus.Verdict.TooBusy _ -> {
                    forget(lane);
                    isTooBusy = true;
                }
            }
        }
        if (isAnyJudged) {
            failuresInARow = 0;
        }
        if (isTooBusy) {
            pause("too busy", properties.longestPause());
        } else if (!isAnyJudged && !failure.isEmpty()) {
            pause(failure, shorter(LONGEST_PAUSE_FOR_EVENTS, properties.longestPause()));
        }
    }

    private void setBack(Lane lane, String reason, Setback.Kind kind) {
        setbacks.add(new Setback(lane, reason, kind));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /// Lets an order's events go from memory; those that are not settled are read again.
    private void forget(Lane lane) {
        held -= lane.events.size();
        lanes.remove(lane.orderId);
        if (lane.isOutdated) {
            nextLook = System.nanoTime();
        }
    }

    /// Leaves the bus alone for a while, longer each time, with jitter: every relay sees the same
    /// outage.
    ///
    /// What failed may be that the bus is gone, so it is looked for before the next call.
    private void pause(String reason, Duration longest) {
        counters.failedCalls().increment();
        if (pausedUntil - System.nanoTime() > 0) {
            // Another call of the same moment; one pause is enough for both.
            return;
        }
        failuresInARow++;
        long most =
                Math.min(
                        properties.lookEvery().toNanos() << Math.min(failuresInARow - 1, 16),
                        longest.toNanos());
        long delay = most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
        pausedUntil = System.nanoTime() + delay;
        isThereMore = false;
        nextLook = pausedUntil;
        mayPublish = false;
        nextLookForBus = pausedUntil;
        log.warn("PutEvents failed ({}); retrying in {} ms", reason, delay / 1_000_000);
    }

    /// Writes down what became of events. When the database fails here, the events stay where they
    /// are in memory, so that they are not published once more only because of that.
    private void settle() {
        if (!accepted.isEmpty()) {
            backlog.published(accepted.stream().map(Lane::head).toList());
            for (var lane : accepted) {
                lane.events.removeFirst();
                held--;
                if (lane.events.isEmpty()) {
                    forget(lane);
                } else {
                    ready.addLast(lane);
                }
            }
            accepted.clear();
        }
        if (!setbacks.isEmpty()) {
            settleSetbacks();
        }
    }

    private void settleSetbacks() {
        var postponed = new ArrayList<Backlog.Postponed>();
        for (var setback : setbacks) {
            var event = setback.lane().head();
            if (setback.kind() == Setback.Kind.REFUSED
                    && event.attempts() + 1 >= properties.attempts()) {
                // Parked already when the database failed after it: then nothing happens again.
                park(event, setback.lane().token, event.attempts() + 1, setback.reason());
            } else {
                postponed.add(postponed(setback));
            }
        }
        if (!postponed.isEmpty()) {
            backlog.putOff(postponed);
            postponed.forEach(
                    it ->
                            log.warn(
                                    "{} was not published ({}), attempt {} of {}, deferral {};"
                                            + " retrying in {} ms",
                                    it.event().event(),
                                    it.reason(),
                                    it.attempts(),
                                    properties.attempts(),
                                    it.deferrals(),
                                    it.delay().toMillis()));
        }
        setbacks.forEach(setback -> forget(setback.lane()));
        setbacks.clear();
    }

    private Backlog.Postponed postponed(Setback setback) {
        var event = setback.lane().head();
        boolean counts = setback.kind() == Setback.Kind.REFUSED;
        int attempts = event.attempts() + (counts ? 1 : 0);
        int deferrals = event.deferrals() + (counts ? 0 : 1);
        var delay =
                switch (setback.kind()) {
                    case REFUSED -> properties.backOff(attempts);
                    case FAILED, BLOCKED ->
                            shorter(properties.backOff(deferrals), properties.longestPause());
                    case WITHHELD -> properties.longestPause();
                };
        return new Backlog.Postponed(
                event,
                setback.lane().token,
                attempts,
                deferrals,
                setback.kind() == Setback.Kind.BLOCKED,
                delay,
                setback.reason());
    }

    private void park(WaitingEvent event, long token, int attempts, String reason) {
        if (backlog.park(event, token, attempts, reason)) {
            counters.parked().increment();
            log.error("{} is parked: {}", event.event(), reason);
        }
    }

    private void keepLeases() {
        long now = System.nanoTime();
        if (nextRenewal - now > 0 || isStopping) {
            return;
        }
        var holding = shardLeases.keep();
        if (!holding.leases().keySet().equals(leases.keySet())) {
            log.info("publishing shards {}", holding.leases().keySet());
            nextLook = now;
        }
        leases = holding.leases();
        leaving.clear();
        leases.keySet().stream()
                .sorted(Comparator.reverseOrder())
                .limit(holding.surplus())
                .forEach(leaving::add);
        nextRenewal = now + properties.lease().toNanos() / 5;
    }

    /// Another relay wants its part: gives away shards once none of their events is under way.
    private void releaseLeaving() {
        if (leaving.isEmpty()) {
            return;
        }
        var idle = new TreeSet<>(leaving);
        lanes.values().forEach(lane -> idle.remove(lane.shard));
        if (!idle.isEmpty()) {
            shardLeases.release(idle);
            var kept = new HashMap<>(leases);
            kept.keySet().removeAll(idle);
            leases = kept;
            leaving.removeAll(idle);
        }
    }

    /// Reads more of the backlog into lanes.
    private void take() {
        long now = System.nanoTime();
        if (!hasRoom() || !(isThereMore || nextLook - now <= 0)) {
            return;
        }
        int room = properties.held() - held;
        nextLook = now + properties.lookEvery().toNanos();
        var shards = working(now);
        if (shards.isEmpty()) {
            isThereMore = false;
            return;
        }
        var events = backlog.oldest(shards, lanes.keySet(), room);
        isThereMore = events.size() == room;
        for (var event : events) {
            var lease = leases.get(event.shard());
            if (lease == null) {
                continue;
            }
            if (event.isBehind()) {
                park(
                        event,
                        lease.token(),
                        event.attempts(),
                        "an earlier event of its order is parked");
                continue;
            }
            lanes.computeIfAbsent(
                            event.orderId(),
                            _ -> {
                                var lane = new Lane(event, lease.token());
                                ready.addLast(lane);
                                return lane;
                            })
                    .events
                    .addLast(event);
            held++;
        }
    }

    /// Whether reading is worth while: a few large reads cost less than many small ones.
    private boolean hasRoom() {
        return held <= properties.held() / 2;
    }

    private Collection<Shard> working(long now) {
        return leases.entrySet().stream()
                .filter(entry -> entry.getValue().isSure(now))
                .map(Map.Entry::getKey)
                .filter(shard -> !leaving.contains(shard))
                .toList();
    }

    private void send() {
        while (!ready.isEmpty() && callsInFlight < mostCalls()) {
            var call = nextCall();
            if (call.isEmpty()) {
                return;
            }
            callsInFlight++;
            var events = call.stream().map(lane -> lane.head().event()).toList();
            Thread.ofVirtual().name("outbox-call").start(() -> publish(call, events));
        }
    }

    /// After a failure one call tries how the bus is. Calls that are not full only while few are in
    /// flight: then events gather, and fewer calls carry them.
    private int mostCalls() {
        if (failuresInARow > 0) {
            return 1;
        }
        return ready.size() >= EventBus.MOST_EVENTS
                ? properties.calls()
                : Math.ceilDiv(properties.calls(), 4);
    }

    private List<Lane> nextCall() {
        long now = System.nanoTime();
        var call = new ArrayList<Lane>();
        int bytes = 0;
        for (Iterator<Lane> next = ready.iterator(); next.hasNext(); ) {
            var lane = next.next();
            var lease = leases.get(lane.shard);
            if (lease == null || lease.token() != lane.token || !lease.isSure(now)) {
                // Another relay may own it by now; if none does, it is read again.
                forget(lane);
                next.remove();
                continue;
            }
            int weight = lane.head().event().bytes();
            if (!call.isEmpty() && (lane.isAlone || bytes + weight > EventBus.MOST_BYTES)) {
                break;
            }
            next.remove();
            call.add(lane);
            bytes += weight;
            if (lane.isAlone || call.size() == EventBus.MOST_EVENTS) {
                break;
            }
        }
        return call;
    }

    private void publish(List<Lane> call, List<OutgoingEvent> events) {
        EventBus.Answer answer =
                new EventBus.Answer.Unavailable("the call ended without an answer");
        try {
            answer = bus.publish(events);
        } catch (RuntimeException unexpected) {
            log.warn("a call failed unexpectedly", RedactedException.of(unexpected));
            answer = new EventBus.Answer.Unavailable(unexpected.getClass().getSimpleName());
        } finally {
            signals.add(new Signal.Answered(call, answer));
        }
    }
}
