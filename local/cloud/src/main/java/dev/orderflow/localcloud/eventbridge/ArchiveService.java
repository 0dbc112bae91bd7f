package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestMembers;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The archive operations, and archiving of events.
///
/// An event is archived before `PutEvents` returns; on AWS that may take ten minutes. A replayed
/// event is not archived again.
final class ArchiveService {

    private final CloudClock clock;
    private final EventBusService buses;
    private final Map<String, EventArchive> byName = new ConcurrentHashMap<>();
    private final Map<String, List<EventArchive>> byBus = new ConcurrentHashMap<>();

    ArchiveService(CloudClock clock, EventBusService buses) {
        this.clock = clock;
        this.buses = buses;
    }

    /// Stores an event in every matching archive of its bus.
    void store(CloudEventBus bus, BusEvent event) {
        for (EventArchive archive : byBus.getOrDefault(bus.arn(), List.of())) {
            archive.offer(event);
        }
    }

    /// Returns the archive with this ARN, without expired events, or null.
    @Nullable EventArchive byArn(String arn) {
        var archive = byName.get(arn.substring(arn.lastIndexOf('/') + 1));
        if (archive == null || !archive.arn().equals(arn)) {
            return null;
        }
        archive.removeExpired(clock.instant());
        return archive;
    }

    ObjectNode create(AwsRequest request) {
        var members =
                EventBusService.read(
                        request,
                        Set.of(
                                "ArchiveName",
                                "EventSourceArn",
                                "Description",
                                "EventPattern",
                                "RetentionDays"));
        var name = members.required("ArchiveName", EventBusService.NAME, 48);
        var bus = buses.bus(members.required("EventSourceArn"));
        var archive =
                new EventArchive(
                        name,
                        EventBusService.arn(request.context(), "archive/" + name),
                        bus.arn(),
                        clock.instant(),
                        settings(members, new EventArchive.ArchiveSettings(null, null, 0)));
        if (byName.putIfAbsent(name, archive) != null) {
            throw EventBridgeErrors.alreadyExists("Archive %s already exists.".formatted(name));
        }
        byBus.computeIfAbsent(bus.arn(), _ -> new CopyOnWriteArrayList<>()).add(archive);
        return archive.toStateChange();
    }

    ObjectNode update(AwsRequest request) {
        var members =
                EventBusService.read(
                        request,
                        Set.of("ArchiveName", "Description", "EventPattern", "RetentionDays"));
        var archive = archive(members);
        archive.change(settings(members, archive.settings()));
        return archive.toStateChange();
    }

    private static EventArchive.ArchiveSettings settings(
            RequestMembers members, EventArchive.ArchiveSettings before) {
        var text = members.optional("EventPattern", EventBusService.LONGEST_PATTERN);
        var description = members.optional("Description", EventBusService.LONGEST_DESCRIPTION);
        return new EventArchive.ArchiveSettings(
                description == null ? before.description() : description,
                text == null ? before.pattern() : EventBridgeErrors.pattern(text),
                members.integer("RetentionDays", 0, Integer.MAX_VALUE, before.retentionDays()));
    }

    ObjectNode delete(AwsRequest request) {
        var archive = archive(EventBusService.read(request, Set.of("ArchiveName")));
        byName.remove(archive.name());
        byBus.getOrDefault(archive.busArn(), new CopyOnWriteArrayList<>()).remove(archive);
        return EventBridgeJson.object();
    }

    ObjectNode describe(AwsRequest request) {
        return archive(EventBusService.read(request, Set.of("ArchiveName"))).toDescription();
    }

    ObjectNode list(AwsRequest request) {
        var members =
                EventBusService.read(
                        request,
                        Set.of("NamePrefix", "EventSourceArn", "State", "NextToken", "Limit"));
        var source = members.optional("EventSourceArn");
        var state = members.optional("State");
        var prefix = members.optional("NamePrefix");
        EventBusService.requireOneFilter(request.operation(), prefix, source, state);
        return EventBusService.list(
                members,
                "Archives",
                byName.values().stream()
                        .filter(a -> EventBusService.hasPrefix(a.name(), prefix))
                        .filter(a -> source == null || a.busArn().equals(source))
                        .filter(_ -> state == null || state.equals("ENABLED"))
                        .sorted(Comparator.comparing(EventArchive::name))
                        .toList(),
                EventArchive::name,
                EventArchive::toSummary);
    }

    private EventArchive archive(RequestMembers members) {
        var name = members.required("ArchiveName", EventBusService.NAME, 48);
        var archive = byName.get(name);
        if (archive == null) {
            throw EventBridgeErrors.notFound("Archive %s does not exist.".formatted(name));
        }
        archive.removeExpired(clock.instant());
        return archive;
    }
}
