package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestContext;
import dev.orderflow.localcloud.wire.RequestMembers;
import dev.orderflow.localcloud.wire.ResultPage;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The operations on event buses, rules and targets.
final class EventBusService {

    static final int PAGE = 100;

    /// The characters of the names of buses, rules, targets, archives, replays and connections.
    static final Pattern NAME = Pattern.compile("[\\.\\-_A-Za-z0-9]+");

    private static final Pattern BUS_NAME_OR_ARN =
            Pattern.compile(
                    "(?:arn:aws[\\w-]*:events:[a-z0-9-]+:\\d{12}:event-bus/)?([/\\.\\-_A-Za-z0-9]+)");
    static final int LONGEST_PATTERN = 4_096;
    static final int LONGEST_DESCRIPTION = 512;
    private static final int MOST_TARGETS = 5;

    private final CloudClock clock;
    private final EventBridgeTags tags;
    private final Map<String, CloudEventBus> buses = new ConcurrentHashMap<>();

    EventBusService(CloudClock clock, EventBridgeTags tags, String region, String account) {
        this.clock = clock;
        this.tags = tags;
        buses.put(
                CloudEventBus.DEFAULT,
                new CloudEventBus(
                        CloudEventBus.DEFAULT,
                        "arn:aws:events:%s:%s:event-bus/default".formatted(region, account),
                        clock.instant(),
                        null));
    }

    CloudEventBus defaultBus() {
        return bus(CloudEventBus.DEFAULT);
    }

    /// Returns the bus with this name or ARN.
    CloudEventBus bus(@Nullable String nameOrArn) {
        var bus = find(nameOrArn);
        if (bus == null) {
            throw EventBridgeErrors.notFound(
                    "Event bus %s does not exist.".formatted(name(nameOrArn)));
        }
        return bus;
    }

    /// Returns the bus with this name or ARN, the default bus for null, or null if it does not
    /// exist.
    @Nullable CloudEventBus find(@Nullable String nameOrArn) {
        return buses.get(name(nameOrArn));
    }

    private static String name(@Nullable String nameOrArn) {
        if (nameOrArn == null) {
            return CloudEventBus.DEFAULT;
        }
        var matcher = BUS_NAME_OR_ARN.matcher(nameOrArn);
        if (nameOrArn.length() > 1_600 || !matcher.matches()) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value '%s' at 'eventBusName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+"
                            .formatted(nameOrArn.substring(0, Math.min(nameOrArn.length(), 200))));
        }
        return matcher.group(1);
    }

    ObjectNode createEventBus(AwsRequest request) {
        var members = read(request, Set.of("Name", "Description", "Tags"));
        var name = members.required("Name");
        if (name.contains("/")) {
            throw AwsErrorException.validation("Event bus name must not contain '/'.");
        }
        members.check("Name", name, NAME, 256);
        var description = members.optional("Description", LONGEST_DESCRIPTION);
        var wanted = EventBridgeTags.read(members);
        var bus =
                new CloudEventBus(
                        name,
                        arn(request.context(), "event-bus/" + name),
                        clock.instant(),
                        description);
        if (buses.putIfAbsent(name, bus) != null) {
            throw EventBridgeErrors.alreadyExists("Event bus %s already exists.".formatted(name));
        }
        tags.add(bus.arn(), wanted);
        var answer = EventBridgeJson.object().put("EventBusArn", bus.arn());
        if (description != null) {
            answer.put("Description", description);
        }
        return answer;
    }

    ObjectNode updateEventBus(AwsRequest request) {
        var members = read(request, Set.of("Name", "Description"));
        var bus = bus(members.optional("Name"));
        bus.updateDescription(
                members.optional("Description", LONGEST_DESCRIPTION), clock.instant());
        var answer = EventBridgeJson.object().put("Arn", bus.arn()).put("Name", bus.name());
        if (bus.description() != null) {
            answer.put("Description", bus.description());
        }
        return answer;
    }

    ObjectNode deleteEventBus(AwsRequest request) {
        var name = name(read(request, Set.of("Name")).required("Name"));
        if (name.equals(CloudEventBus.DEFAULT)) {
            throw AwsErrorException.validation("Cannot delete event bus default.");
        }
        var bus = buses.get(name);
        if (bus != null) {
            bus.updateRules(
                    rules -> {
                        if (!rules.isEmpty()) {
                            throw AwsErrorException.validation(
                                    "Cannot delete event bus %s while it has rules."
                                            .formatted(name));
                        }
                        buses.remove(name);
                        return rules;
                    });
            tags.forget(bus.arn());
        }
        return EventBridgeJson.object();
    }

    ObjectNode describeEventBus(AwsRequest request) {
        return toDescription(bus(read(request, Set.of("Name")).optional("Name")));
    }

    ObjectNode listEventBuses(AwsRequest request) {
        var members = read(request, Set.of("NamePrefix", "NextToken", "Limit"));
        return list(
                members,
                "EventBuses",
                buses.values().stream()
                        .filter(bus -> hasPrefix(bus.name(), members.optional("NamePrefix")))
                        .sorted(Comparator.comparing(CloudEventBus::name))
                        .toList(),
                CloudEventBus::name,
                EventBusService::toDescription);
    }

    private static ObjectNode toDescription(CloudEventBus bus) {
        var node = EventBridgeJson.object().put("Name", bus.name()).put("Arn", bus.arn());
        var description = bus.description();
        if (description != null) {
            node.put("Description", description);
        }
        node.put("CreationTime", EventBridgeJson.epochSeconds(bus.created()));
        node.put("LastModifiedTime", EventBridgeJson.epochSeconds(bus.modified()));
        return node;
    }

    ObjectNode putRule(AwsRequest request) {
        var members =
                read(
                        request,
                        Set.of(
                                "Name",
                                "ScheduleExpression",
                                "EventPattern",
                                "State",
                                "Description",
                                "RoleArn",
                                "Tags",
                                "EventBusName"));
        var name = members.required("Name", NAME, 64);
        var bus = bus(members.optional("EventBusName"));
        var schedule = members.optional("ScheduleExpression");
        if (schedule != null && !schedule.isEmpty()) {
            throw EventBridgeErrors.unsupported("rules with a ScheduleExpression");
        }
        var text = members.optional("EventPattern", LONGEST_PATTERN);
        if (text == null) {
            throw AwsErrorException.validation(
                    "Parameter(s) EventPattern or ScheduleExpression must be specified.");
        }
        var pattern = EventBridgeErrors.pattern(text);
        var state = members.optional("State");
        if (state != null && !Set.of("ENABLED", "DISABLED").contains(state)) {
            if (state.equals("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")) {
                throw EventBridgeErrors.unsupported("the rule state " + state);
            }
            throw members.constraint(
                    "State",
                    state,
                    "Member must satisfy enum value set: [ENABLED, DISABLED, ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS]");
        }
        var description = members.optional("Description", LONGEST_DESCRIPTION);
        var roleArn = members.optional("RoleArn", 1_600);
        var wanted = EventBridgeTags.read(members);
        boolean custom = !bus.name().equals(CloudEventBus.DEFAULT);
        var arn =
                arn(
                        request.context(),
                        custom ? "rule/%s/%s".formatted(bus.name(), name) : "rule/" + name);
        bus.updateRules(
                rules -> {
                    var before = rules.get(name);
                    Map<String, RuleTarget> targets = before == null ? Map.of() : before.targets();
                    rules.put(
                            name,
                            new EventRule(
                                    name,
                                    before == null ? arn : before.arn(),
                                    bus.name(),
                                    pattern,
                                    !"DISABLED".equals(state),
                                    description,
                                    roleArn,
                                    request.context().accountId(),
                                    targets));
                    if (before == null) {
                        tags.add(arn, wanted);
                    }
                    return rules;
                });
        return EventBridgeJson.object().put("RuleArn", rule(bus.rules(), name, bus).arn());
    }

    ObjectNode deleteRule(AwsRequest request) {
        var members = read(request, Set.of("Name", "EventBusName", "Force"));
        var name = members.required("Name", NAME, 64);
        members.flag("Force");
        var bus = bus(members.optional("EventBusName"));
        bus.updateRules(
                rules -> {
                    var rule = rules.get(name);
                    if (rule != null) {
                        if (!rule.targets().isEmpty()) {
                            throw AwsErrorException.validation(
                                    "Rule can't be deleted since it has targets.");
                        }
                        rules.remove(name);
                        tags.forget(rule.arn());
                    }
                    return rules;
                });
        return EventBridgeJson.object();
    }

    ObjectNode describeRule(AwsRequest request) {
        var members = read(request, Set.of("Name", "EventBusName"));
        var bus = bus(members.optional("EventBusName"));
        var rule = rule(bus.rules(), members.required("Name"), bus);
        return rule.toDescription().put("CreatedBy", rule.createdBy());
    }

    ObjectNode switchRule(AwsRequest request, boolean on) {
        var members = read(request, Set.of("Name", "EventBusName"));
        var name = members.required("Name", NAME, 64);
        var bus = bus(members.optional("EventBusName"));
        bus.updateRules(
                rules -> {
                    rules.put(name, rule(rules, name, bus).enabled(on));
                    return rules;
                });
        return EventBridgeJson.object();
    }

    ObjectNode listRules(AwsRequest request) {
        var members = read(request, Set.of("NamePrefix", "EventBusName", "NextToken", "Limit"));
        return list(
                members,
                "Rules",
                bus(members.optional("EventBusName")).rules().values().stream()
                        .filter(rule -> hasPrefix(rule.name(), members.optional("NamePrefix")))
                        .toList(),
                EventRule::name,
                EventRule::toDescription);
    }

    ObjectNode listRuleNamesByTarget(AwsRequest request) {
        var members = read(request, Set.of("TargetArn", "EventBusName", "NextToken", "Limit"));
        var target = members.required("TargetArn");
        var page =
                page(
                        "RuleNames",
                        members,
                        bus(members.optional("EventBusName")).rules().values().stream()
                                .filter(
                                        rule ->
                                                rule.targets().values().stream()
                                                        .anyMatch(t -> t.arn().equals(target)))
                                .map(EventRule::name)
                                .toList(),
                        Function.identity());
        var answer = EventBridgeJson.object();
        var names = answer.putArray("RuleNames");
        page.items().forEach(names::add);
        if (page.nextToken() != null) {
            answer.put("NextToken", page.nextToken());
        }
        return answer;
    }

    ObjectNode putTargets(AwsRequest request) {
        var members = read(request, Set.of("Rule", "EventBusName", "Targets"));
        var name = members.required("Rule", NAME, 64);
        var bus = bus(members.optional("EventBusName"));
        var nodes = members.objects("Targets");
        if (nodes.isEmpty()) {
            throw members.constraint(
                    "Targets", "[]", "Member must have length greater than or equal to 1");
        }
        rule(bus.rules(), name, bus);
        var put = new LinkedHashMap<String, RuleTarget>();
        for (ObjectNode node : nodes) {
            var target = RuleTarget.of(node);
            put.put(target.id(), target);
        }
        bus.updateRules(
                rules -> {
                    var rule = rule(rules, name, bus);
                    var targets = new HashMap<>(rule.targets());
                    targets.putAll(put);
                    if (targets.size() > MOST_TARGETS) {
                        throw EventBridgeErrors.overLimit(
                                "The requested resource exceeds the maximum number allowed.");
                    }
                    rules.put(name, rule.with(targets));
                    return rules;
                });
        return noFailures();
    }

    ObjectNode removeTargets(AwsRequest request) {
        var members = read(request, Set.of("Rule", "EventBusName", "Ids", "Force"));
        var name = members.required("Rule", NAME, 64);
        members.flag("Force");
        var bus = bus(members.optional("EventBusName"));
        var ids = members.strings("Ids");
        if (ids.isEmpty()) {
            throw members.constraint(
                    "Ids", "[]", "Member must have length greater than or equal to 1");
        }
        var failures = EventBridgeJson.MAPPER.createArrayNode();
        bus.updateRules(
                rules -> {
                    var rule = rule(rules, name, bus);
                    var targets = new HashMap<>(rule.targets());
                    for (String id : ids) {
                        if (targets.remove(id) == null) {
                            failures.addObject()
                                    .put("TargetId", id)
                                    .put("ErrorCode", "ResourceNotFoundException")
                                    .put(
                                            "ErrorMessage",
                                            "Rule %s does not have a target with id %s"
                                                    .formatted(name, id));
                        }
                    }
                    rules.put(name, rule.with(targets));
                    return rules;
                });
        var answer = EventBridgeJson.object().put("FailedEntryCount", failures.size());
        answer.set("FailedEntries", failures);
        return answer;
    }

    ObjectNode listTargetsByRule(AwsRequest request) {
        var members = read(request, Set.of("Rule", "EventBusName", "NextToken", "Limit"));
        var bus = bus(members.optional("EventBusName"));
        var rule = rule(bus.rules(), members.required("Rule"), bus);
        return list(
                members,
                "Targets",
                List.copyOf(rule.targets().values()),
                RuleTarget::id,
                target -> target.definition().deepCopy());
    }

    /// Finds a rule by ARN, for replays that select rules.
    static @Nullable EventRule findByArn(CloudEventBus bus, String arn) {
        return bus.rules().values().stream()
                .filter(rule -> rule.arn().equals(arn))
                .findAny()
                .orElse(null);
    }

    private static EventRule rule(Map<String, EventRule> rules, String name, CloudEventBus bus) {
        var rule = rules.get(name);
        if (rule == null) {
            throw EventBridgeErrors.notFound(
                    "Rule %s does not exist on EventBus %s.".formatted(name, bus.name()));
        }
        return rule;
    }

    private static ObjectNode noFailures() {
        var answer = EventBridgeJson.object().put("FailedEntryCount", 0);
        answer.putArray("FailedEntries");
        return answer;
    }

    static RequestMembers read(AwsRequest request, Set<String> known) {
        return RequestMembers.of(request, AwsErrorException::validation, known);
    }

    static String arn(RequestContext context, String resource) {
        return "arn:aws:events:%s:%s:%s".formatted(context.region(), context.accountId(), resource);
    }

    /// @param filters filters of the list, null when absent
    static void requireOneFilter(String operation, @Nullable String... filters) {
        if (Arrays.stream(filters).filter(Objects::nonNull).count() > 1) {
            throw AwsErrorException.validation(
                    "At most one filter is allowed for %s. Use either : State, EventSourceArn, or NamePrefix."
                            .formatted(operation));
        }
    }

    static boolean hasPrefix(String name, @Nullable String prefix) {
        return prefix == null || name.startsWith(prefix);
    }

    static <T> ObjectNode list(
            RequestMembers members,
            String member,
            List<T> sorted,
            Function<T, String> key,
            Function<T, ObjectNode> described) {
        var page = page(member, members, sorted, key);
        var answer = EventBridgeJson.object();
        var list = answer.putArray(member);
        page.items().forEach(item -> list.add(described.apply(item)));
        if (page.nextToken() != null) {
            answer.put("NextToken", page.nextToken());
        }
        return answer;
    }

    private static <T> ResultPage<T> page(
            String list, RequestMembers members, List<T> sorted, Function<T, String> key) {
        try {
            return ResultPage.of(
                    "events:" + list,
                    sorted,
                    key,
                    members.optional("NextToken"),
                    members.integer("Limit", 1, PAGE, PAGE));
        } catch (IllegalArgumentException _) {
            throw AwsErrorException.validation("The nextToken is not valid.");
        }
    }
}
