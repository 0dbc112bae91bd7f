package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsError;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.Members;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The operations on archives, and the taking of events into them.
///
/// An event is in the archive before `PutEvents` answers; on AWS that may take ten minutes. A
/// replayed event is never archived again.
final class Archives {

    private static final Pattern NAME = Pattern.compile("[\\.\\-_A-Za-z0-9]+");
    private static final int LONGEST_PATTERN = 4_096;

    private final CloudClock clock;
    private final EventBusDirectory buses;
    private final Map<String, Archive> byName = new ConcurrentHashMap<>();
    private final Map<String, List<Archive>> byBus = new ConcurrentHashMap<>();

    Archives(CloudClock clock, EventBusDirectory buses) {
        this.clock = clock;
        this.buses = buses;
    }

    /// Keeps an event in all archives of its bus that want it.
    void take(EventBus bus, Event event) {
        for (Archive archive : byBus.getOrDefault(bus.arn(), List.of())) {
            archive.offer(event);
        }
    }

    /// The archive with this ARN, pruned, or null.
    @Nullable Archive byArn(String arn) {
        var archive = byName.get(arn.substring(arn.lastIndexOf('/') + 1));
        if (archive == null || !archive.arn().equals(arn)) {
            return null;
        }
        archive.prune(clock.instant());
        return archive;
    }

    ObjectNode create(AwsRequest request) {
        var members =
                EventBusDirectory.read(
                        request,
                        Set.of(
                                "ArchiveName",
                                "EventSourceArn",
                                "Description",
                                "EventPattern",
                                "RetentionDays"));
        var name = members.required("ArchiveName", NAME, 48);
        var bus = buses.bus(members.required("EventSourceArn"));
        var archive =
                new Archive(
                        name,
                        EventBusDirectory.arn(request.context(), "archive/" + name),
                        bus.arn(),
                        clock.instant(),
                        settings(members, new Archive.Settings(null, null, 0)));
        if (byName.putIfAbsent(name, archive) != null) {
            throw Refusals.alreadyExists("Archive %s already exists.".formatted(name));
        }
        byBus.computeIfAbsent(bus.arn(), _ -> new CopyOnWriteArrayList<>()).add(archive);
        return archive.changed();
    }

    ObjectNode update(AwsRequest request) {
        var members =
                EventBusDirectory.read(
                        request,
                        Set.of("ArchiveName", "Description", "EventPattern", "RetentionDays"));
        var archive = archive(members);
        archive.change(settings(members, archive.settings()));
        return archive.changed();
    }

    private static Archive.Settings settings(Members members, Archive.Settings before) {
        var text = members.optional("EventPattern", LONGEST_PATTERN);
        var description = members.optional("Description", 512);
        return new Archive.Settings(
                description == null ? before.description() : description,
                text == null ? before.pattern() : Refusals.pattern(text),
                members.integer("RetentionDays", 0, Integer.MAX_VALUE, before.retentionDays()));
    }

    ObjectNode delete(AwsRequest request) {
        var archive = archive(EventBusDirectory.read(request, Set.of("ArchiveName")));
        byName.remove(archive.name());
        byBus.getOrDefault(archive.busArn(), new CopyOnWriteArrayList<>()).remove(archive);
        return Json.object();
    }

    ObjectNode describe(AwsRequest request) {
        return archive(EventBusDirectory.read(request, Set.of("ArchiveName"))).described();
    }

    ObjectNode list(AwsRequest request) {
        var members =
                EventBusDirectory.read(
                        request,
                        Set.of("NamePrefix", "EventSourceArn", "State", "NextToken", "Limit"));
        var source = members.optional("EventSourceArn");
        var state = members.optional("State");
        var prefix = members.optional("NamePrefix");
        if ((prefix == null ? 0 : 1) + (source == null ? 0 : 1) + (state == null ? 0 : 1) > 1) {
            throw AwsError.validation(
                    "At most one filter is allowed for ListArchives. Use either : State, EventSourceArn, or NamePrefix.");
        }
        return EventBusDirectory.list(
                members,
                "Archives",
                byName.values().stream()
                        .filter(a -> EventBusDirectory.hasPrefix(a.name(), prefix))
                        .filter(a -> source == null || a.busArn().equals(source))
                        .filter(_ -> state == null || state.equals("ENABLED"))
                        .sorted(Comparator.comparing(Archive::name))
                        .toList(),
                Archive::name,
                Archive::listed);
    }

    private Archive archive(Members members) {
        var name = members.required("ArchiveName", NAME, 48);
        var archive = byName.get(name);
        if (archive == null) {
            throw Refusals.notFound("Archive %s does not exist.".formatted(name));
        }
        archive.prune(clock.instant());
        return archive;
    }
}
