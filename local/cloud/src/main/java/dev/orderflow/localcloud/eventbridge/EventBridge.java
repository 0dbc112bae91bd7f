package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.delivery.DeliveryWorker;
import dev.orderflow.localcloud.pattern.MatchedFields;
import dev.orderflow.localcloud.ports.ConnectionPort;
import dev.orderflow.localcloud.ports.EventBusPort;
import dev.orderflow.localcloud.ports.MetricPort;
import dev.orderflow.localcloud.ports.QueuePort;
import dev.orderflow.localcloud.ports.StateMachinePort;
import dev.orderflow.localcloud.ports.TopicPort;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.AwsService;
import dev.orderflow.localcloud.wire.HttpGateway;
import dev.orderflow.localcloud.wire.RequestMembers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The EventBridge API, and events of other services.
public final class EventBridge implements AwsService, EventBusPort, ConnectionPort, AutoCloseable {

    private static final int LONGEST_DETAIL_TYPE = 128;
    private static final Logger log = LoggerFactory.getLogger(EventBridge.class);
    private static final String NAMESPACE = "AWS/Events";
    private static final String REGION = "us-east-1";
    private static final String ACCOUNT = HttpGateway.ACCOUNT;
    private static final int MOST_ENTRIES = 10;
    private static final int MOST_BYTES = 1_048_576;
    private static final Duration DRAIN_TIME = Duration.ofSeconds(10);

    /// The format of times in the details of EventBridge's own events.
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xx 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private static final Set<String> ENTRY =
            Set.of(
                    "Time",
                    "Source",
                    "Resources",
                    "DetailType",
                    "Detail",
                    "EventBusName",
                    "TraceHeader");

    private final CloudClock clock;
    private final MetricPort metrics;
    private final EventBridgeTags tags = new EventBridgeTags();
    private final EventBusService buses;
    private final DeliveryWorker deliveryWorker;
    private final TargetDispatcher delivery;
    private final ArchiveService archives;
    private final ReplayService replays;
    private final ConnectionService connections;

    /// @param queues target queues and dead-letter queues
    /// @param topics target topics; a supplier because topics and buses depend on each other
    /// @param stateMachines target state machines; a supplier because workflows publish to buses
    /// @param metrics receives the metrics of `AWS/Events`
    public EventBridge(
            CloudClock clock,
            QueuePort queues,
            Supplier<TopicPort> topics,
            Supplier<StateMachinePort> stateMachines,
            MetricPort metrics) {
        this.clock = clock;
        this.metrics = metrics;
        this.buses = new EventBusService(clock, tags, REGION, ACCOUNT);
        this.deliveryWorker = new DeliveryWorker("event-", clock, DRAIN_TIME);
        this.delivery =
                new TargetDispatcher(clock, deliveryWorker, queues, topics, stateMachines, metrics);
        this.archives = new ArchiveService(clock, buses);
        this.replays = new ReplayService(clock, buses, archives, delivery);
        this.connections = new ConnectionService(clock);
    }

    @Override
    public String signingName() {
        return "events";
    }

    @Override
    public ObjectNode handle(AwsRequest request) {
        return switch (request.operation()) {
            case "PutEvents" -> putEvents(request);
            case "CreateEventBus" -> buses.createEventBus(request);
            case "UpdateEventBus" -> buses.updateEventBus(request);
            case "DeleteEventBus" -> buses.deleteEventBus(request);
            case "DescribeEventBus" -> buses.describeEventBus(request);
            case "ListEventBuses" -> buses.listEventBuses(request);
            case "PutRule" -> buses.putRule(request);
            case "DeleteRule" -> buses.deleteRule(request);
            case "DescribeRule" -> buses.describeRule(request);
            case "EnableRule" -> buses.switchRule(request, true);
            case "DisableRule" -> buses.switchRule(request, false);
            case "ListRules" -> buses.listRules(request);
            case "ListRuleNamesByTarget" -> buses.listRuleNamesByTarget(request);
            case "PutTargets" -> buses.putTargets(request);
            case "RemoveTargets" -> buses.removeTargets(request);
            case "ListTargetsByRule" -> buses.listTargetsByRule(request);
            case "TestEventPattern" -> testEventPattern(request);
            case "CreateArchive" -> archives.create(request);
            case "UpdateArchive" -> archives.update(request);
            case "DeleteArchive" -> archives.delete(request);
            case "DescribeArchive" -> archives.describe(request);
            case "ListArchives" -> archives.list(request);
            case "StartReplay" -> replays.start(request);
            case "DescribeReplay" -> replays.describe(request);
            case "CancelReplay" -> replays.cancel(request);
            case "ListReplays" -> replays.list(request);
            case "CreateConnection" -> publishChange(connections.create(request), null);
            case "UpdateConnection" -> publishChange(connections.update(request), null);
            case "DeauthorizeConnection" ->
                    publishChange(
                            connections.deauthorize(request), "DeauthorizeConnection was called");
            case "DeleteConnection" -> connections.delete(request);
            case "DescribeConnection" -> connections.describe(request);
            case "ListConnections" -> connections.list(request);
            case "TagResource" -> tags.tagResource(request);
            case "UntagResource" -> tags.untagResource(request);
            case "ListTagsForResource" -> tags.listTagsForResource(request);
            default -> throw AwsErrorException.unknownOperation(request.operation());
        };
    }

    /// The ARN of a connection; empty when there is none of that name.
    public Optional<String> connectionArn(String name) {
        return connections.arnOf(name);
    }

    @Override
    public ConnectionPort.ConnectionSecret authorize(String connectionArn) {
        return connections.authorize(connectionArn);
    }

    /// Also publishes the state change on the default bus, as AWS does.
    @Override
    public void deauthorize(String connectionArn) {
        if (!connections.isAuthorized(connectionArn)) {
            return;
        }
        connections.deauthorize(connectionArn);
        publishState(connectionArn, "DEAUTHORIZED", "The endpoint answered 401 or 407");
    }

    private ObjectNode publishChange(ObjectNode changed, @Nullable String reason) {
        publishState(
                changed.path("ConnectionArn").stringValue(),
                changed.path("ConnectionState").stringValue(),
                reason);
        return changed;
    }

    /// Publishes the event that EventBridge sends when the state of a connection changes
    /// (EventBridge User Guide, "Connection state events").
    private void publishState(String connectionArn, String state, @Nullable String reason) {
        // connection/<name>/<id>
        var detail = EventBridgeJson.object().put("ConnectionName", connectionArn.split("/")[1]);
        if (reason != null) {
            detail.put("StateReason", reason);
        }
        detail.put("Timestamp", TIMESTAMP.format(clock.instant()));
        publishServiceEvent(
                "aws.events",
                switch (state) {
                    case "DEAUTHORIZED" -> "Connection Deauthorized";
                    case "ACTIVE" -> "Connection Activated";
                    default -> "Connection Authorized";
                },
                List.of(connectionArn),
                detail);
    }

    @Override
    public String secretOf(String connectionArn) {
        return connections.secretOf(connectionArn);
    }

    private ObjectNode putEvents(AwsRequest request) {
        var members = EventBusService.read(request, Set.of("Entries"));
        return putEvents(
                members.objects("Entries"),
                request.context().accountId(),
                request.context().region());
    }

    @Override
    public ObjectNode putEvents(ArrayNode entries) {
        var objects = new ArrayList<ObjectNode>();
        for (JsonNode entry : entries) {
            if (!(entry instanceof ObjectNode object)) {
                throw AwsErrorException.validation("Entries must be structures");
            }
            objects.add(object);
        }
        return putEvents(objects, ACCOUNT, REGION);
    }

    private ObjectNode putEvents(List<ObjectNode> entries, String account, String region) {
        record("PutEventsApproximateCallCount", 1);
        try {
            var answer = putAll(read(entries), account, region);
            record("PutEventsApproximateSuccessCount", 1);
            record("PutEventsEntriesCount", entries.size());
            record("PutEventsFailedEntriesCount", answer.get("FailedEntryCount").intValue());
            return answer;
        } catch (AwsErrorException e) {
            record("PutEventsApproximateFailedCount", 1);
            throw e;
        }
    }

    /// Validates the request as a whole before any entry is processed.
    private List<RequestMembers> read(List<ObjectNode> entries) {
        if (entries.isEmpty() || entries.size() > MOST_ENTRIES) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value '[%d entries]' at 'entries' failed to satisfy constraint: Member must have length %s"
                            .formatted(
                                    entries.size(),
                                    entries.isEmpty()
                                            ? "greater than or equal to 1"
                                            : "less than or equal to " + MOST_ENTRIES));
        }
        var read = new ArrayList<RequestMembers>();
        long size = 0;
        for (ObjectNode entry : entries) {
            var members =
                    RequestMembers.of("PutEvents", entry, AwsErrorException::validation, ENTRY);
            size += size(members);
            members.timestamp("Time");
            buses.find(members.optional("EventBusName"));
            read.add(members);
        }
        if (size > MOST_BYTES) {
            throw AwsErrorException.validation(
                    "Total size of the entries in the request is over the limit.");
        }
        return read;
    }

    /// The size of an entry as AWS calculates it.
    private static long size(RequestMembers entry) {
        long size = entry.has("Time") ? 14 : 0;
        for (String name : List.of("Source", "DetailType", "Detail")) {
            var text = entry.optional(name);
            size += text == null ? 0 : bytes(text);
        }
        for (String resource : entry.strings("Resources")) {
            size += bytes(resource);
        }
        return size;
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private ObjectNode putAll(List<RequestMembers> entries, String account, String region) {
        var now = clock.instant();
        var results = EventBridgeJson.MAPPER.createArrayNode();
        int failed = 0;
        for (RequestMembers entry : entries) {
            switch (put(entry, account, region, now)) {
                case EventAccepted(var id) -> results.addObject().put("EventId", id);
                case EventRejected(var code, var message) -> {
                    results.addObject().put("ErrorCode", code).put("ErrorMessage", message);
                    failed++;
                }
            }
        }
        var answer = EventBridgeJson.object().put("FailedEntryCount", failed);
        answer.set("Entries", results);
        return answer;
    }

    private sealed interface PutEventResult {}

    private record EventAccepted(String eventId) implements PutEventResult {}

    private record EventRejected(String code, String message) implements PutEventResult {}

    private PutEventResult put(RequestMembers entry, String account, String region, Instant now) {
        for (String name : List.of("Source", "DetailType", "Detail")) {
            var text = entry.optional(name);
            if (text == null || text.isEmpty()) {
                return new EventRejected(
                        "InvalidArgument",
                        "Parameter %s is not valid. Reason: %s is a required argument."
                                .formatted(name, name));
            }
        }
        if (entry.required("DetailType").length() > LONGEST_DETAIL_TYPE) {
            return new EventRejected(
                    "InvalidArgument",
                    "Parameter DetailType is not valid. Reason: it must have at most %d characters."
                            .formatted(LONGEST_DETAIL_TYPE));
        }
        // Accepted and ignored.
        entry.optional("TraceHeader");
        var source = entry.required("Source");
        if (source.startsWith("aws.")) {
            return new EventRejected(
                    "NotAuthorizedForSourceException", "Not authorized for the source.");
        }
        var detail = EventBridgeJson.object(entry.required("Detail"));
        if (detail == null) {
            return new EventRejected("MalformedDetail", "Detail is malformed.");
        }
        var bus = buses.find(entry.optional("EventBusName"));
        var time = entry.timestamp("Time");
        var event =
                BusEvent.of(
                        now,
                        time == null ? now : time,
                        source,
                        entry.required("DetailType"),
                        account,
                        region,
                        entry.strings("Resources"),
                        detail);
        if (bus == null) {
            // AWS also accepts the event and drops it.
            log.warn(
                    "event of source {} dropped: event bus {} does not exist",
                    source,
                    entry.optional("EventBusName"));
        } else if (bus.exceedsMatchLimit(event)) {
            return new EventRejected(
                    "InvalidArgument",
                    "Parameter Detail is not valid. Reason: local-cloud matches at most %d values of the fields that rules name."
                            .formatted(MatchedFields.MOST_VALUES));
        } else {
            route(bus, event);
        }
        return new EventAccepted(event.id());
    }

    @Override
    public void publishServiceEvent(
            String source, String detailType, List<String> resources, ObjectNode detail) {
        var now = clock.instant();
        route(
                buses.defaultBus(),
                BusEvent.of(now, now, source, detailType, ACCOUNT, REGION, resources, detail));
    }

    /// The archive comes first, so that every delivered event can be replayed.
    private void route(CloudEventBus bus, BusEvent event) {
        archives.store(bus, event);
        for (EventRule rule : bus.findMatchingRules(event)) {
            delivery.deliver(event, rule, () -> {});
        }
    }

    private ObjectNode testEventPattern(AwsRequest request) {
        var members = EventBusService.read(request, Set.of("EventPattern", "Event"));
        var pattern = EventBridgeErrors.pattern(members.required("EventPattern"));
        var text = members.required("Event");
        var event = EventBridgeJson.object(text);
        if (event == null) {
            throw AwsErrorException.validation("Parameter Event is not valid.");
        }
        return EventBridgeJson.object().put("Result", pattern.matches(text));
    }

    /// Records one API metric without dimensions.
    private void record(String name, double value) {
        metrics.record(NAMESPACE, name, Map.of(), value);
    }

    /// The number of deliveries that are running or waiting for a retry.
    public long pendingDeliveries() {
        return deliveryWorker.pendingCount();
    }

    /// Stops replays, attempts all pending deliveries once more and accepts no further events.
    @Override
    public void close() {
        replays.close();
        deliveryWorker.close();
    }
}
