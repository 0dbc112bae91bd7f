package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// The replay operations, and the replaying of events.
///
/// A replay sends the archived events of a time window to the current rules, each event with
/// `replay-name`. It limits its concurrent deliveries, so that the replay of a large archive does
/// not delay new events. A delivery that fails is retried like any other and does not hold up the
/// replay.
final class ReplayService implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ReplayService.class);
    private static final int MOST_ACTIVE = 10;
    private static final int AT_A_TIME = 32;

    private final CloudClock clock;
    private final EventBusService buses;
    private final ArchiveService archives;
    private final TargetDispatcher delivery;
    private final Map<String, EventReplay> byName = new ConcurrentHashMap<>();
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    ReplayService(
            CloudClock clock,
            EventBusService buses,
            ArchiveService archives,
            TargetDispatcher delivery) {
        this.clock = clock;
        this.buses = buses;
        this.archives = archives;
        this.delivery = delivery;
    }

    synchronized ObjectNode start(AwsRequest request) {
        var members =
                EventBusService.read(
                        request,
                        Set.of(
                                "ReplayName",
                                "Description",
                                "EventSourceArn",
                                "EventStartTime",
                                "EventEndTime",
                                "Destination"));
        var name = members.required("ReplayName", EventBusService.NAME, 64);
        var source = members.required("EventSourceArn");
        var start = members.requiredTimestamp("EventStartTime");
        var end = members.requiredTimestamp("EventEndTime");
        var destination = members.child("Destination", Set.of("Arn", "FilterArns"));
        if (destination == null) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value null at 'destination' failed to satisfy constraint: Member must not be null");
        }
        var busArn = destination.required("Arn");
        if (!busArn.contains(":event-bus/")) {
            throw AwsErrorException.validation(
                    "Parameter Destination.Arn is not valid. Reason: Must contain an event bus ARN.");
        }
        var bus = buses.bus(busArn);
        var archive = archives.byArn(source);
        if (archive == null) {
            throw AwsErrorException.validation(
                    "Parameter EventSourceArn is not valid. Reason: Archive %s does not exist."
                            .formatted(source.substring(source.lastIndexOf('/') + 1)));
        }
        if (!archive.busArn().equals(bus.arn())) {
            throw AwsErrorException.validation(
                    "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.");
        }
        if (!start.isBefore(end)) {
            throw AwsErrorException.validation(
                    "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.");
        }
        var rules = new LinkedHashSet<>(destination.strings("FilterArns"));
        for (String rule : rules) {
            if (EventBusService.findByArn(bus, rule) == null) {
                throw AwsErrorException.validation(
                        "Parameter Destination.FilterArns is not valid. Reason: %s is not a rule of event bus %s."
                                .formatted(rule, bus.name()));
            }
        }
        var description = members.optional("Description", EventBusService.LONGEST_DESCRIPTION);
        if (byName.containsKey(name)) {
            throw EventBridgeErrors.alreadyExists("Replay %s already exists.".formatted(name));
        }
        if (running.size() >= MOST_ACTIVE) {
            throw EventBridgeErrors.overLimit(
                    "The requested resource exceeds the maximum number allowed.");
        }
        var replay =
                new EventReplay(
                        name,
                        EventBusService.arn(request.context(), "replay/" + name),
                        description,
                        archive,
                        bus,
                        rules,
                        start,
                        end,
                        clock.instant(),
                        new EventReplay.ReplayProgress());
        byName.put(name, replay);
        var answer =
                EventBridgeJson.object()
                        .put("ReplayArn", replay.arn())
                        .put("State", EventReplay.ReplayState.STARTING.name())
                        .put("ReplayStartTime", EventBridgeJson.epochSeconds(replay.started()));
        var thread = Thread.ofVirtual().name("replay-" + name).unstarted(() -> run(replay));
        running.add(thread);
        thread.start();
        return answer;
    }

    private void run(EventReplay replay) {
        try {
            replayEvents(replay);
            replay.progress().end(clock.instant());
        } catch (RuntimeException e) {
            log.warn("replay {} failed", replay.name(), e);
            replay.progress().fail(String.valueOf(e.getMessage()), clock.instant());
        } finally {
            running.remove(Thread.currentThread());
        }
    }

    private void replayEvents(EventReplay replay) {
        var room = new Semaphore(AT_A_TIME);
        for (BusEvent event : replay.archive().between(replay.windowStart(), replay.windowEnd())) {
            if (!replay.progress().beginOrContinue()) {
                return;
            }
            var marked = event.withReplayName(replay.name());
            for (EventRule rule : replay.bus().findMatchingRules(marked)) {
                if (!replay.includesRule(rule)) {
                    continue;
                }
                for (int target = 0; target < rule.targets().size(); target++) {
                    if (!awaitRoom(room, replay)) {
                        return;
                    }
                }
                delivery.deliver(marked, rule, room::release);
            }
            replay.progress().recordProgress(event.time());
        }
        replay.progress().beginOrContinue();
        // COMPLETED means that every event was sent, so the first attempts are awaited.
        for (int slot = 0; slot < AT_A_TIME; slot++) {
            if (!awaitRoom(room, replay)) {
                return;
            }
        }
    }

    /// Waits until the replay may start another delivery.
    ///
    /// @return false if the replay must stop
    private boolean awaitRoom(Semaphore room, EventReplay replay) {
        try {
            while (replay.progress().beginOrContinue() && !closing) {
                if (room.tryAcquire(50, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    ObjectNode describe(AwsRequest request) {
        return replay(request).toDescription();
    }

    ObjectNode cancel(AwsRequest request) {
        var replay = replay(request);
        if (!replay.progress().cancel()) {
            throw EventBridgeErrors.illegalState(
                    "Replay %s is not in a valid state for this operation."
                            .formatted(replay.name()));
        }
        return EventBridgeJson.object()
                .put("ReplayArn", replay.arn())
                .put("State", EventReplay.ReplayState.CANCELLING.name());
    }

    ObjectNode list(AwsRequest request) {
        var members =
                EventBusService.read(
                        request,
                        Set.of("NamePrefix", "State", "EventSourceArn", "NextToken", "Limit"));
        var source = members.optional("EventSourceArn");
        var state = members.optional("State");
        var prefix = members.optional("NamePrefix");
        EventBusService.requireOneFilter(request.operation(), prefix, source, state);
        return EventBusService.list(
                members,
                "Replays",
                byName.values().stream()
                        .filter(r -> EventBusService.hasPrefix(r.name(), prefix))
                        .filter(r -> source == null || r.archive().arn().equals(source))
                        .filter(r -> state == null || r.progress().state().name().equals(state))
                        .sorted(Comparator.comparing(EventReplay::name))
                        .toList(),
                EventReplay::name,
                EventReplay::toSummary);
    }

    private EventReplay replay(AwsRequest request) {
        var name =
                EventBusService.read(request, Set.of("ReplayName"))
                        .required("ReplayName", EventBusService.NAME, 64);
        var replay = byName.get(name);
        if (replay == null) {
            throw EventBridgeErrors.notFound("Replay %s does not exist.".formatted(name));
        }
        return replay;
    }

    /// Stops running replays; their submitted deliveries continue.
    @Override
    public void close() {
        closing = true;
        byName.values().forEach(replay -> replay.progress().cancel());
        for (Thread thread : running) {
            try {
                thread.join(Duration.ofSeconds(2));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
