package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.cloudwatch.MetricAlarm.MetricAlarmDefinition;
import dev.orderflow.localcloud.cloudwatch.MetricAlarm.MetricAlarmState;
import dev.orderflow.localcloud.cloudwatch.MetricAlarm.MetricAlarmStatus;
import dev.orderflow.localcloud.ports.EventBusPort;
import dev.orderflow.localcloud.ports.TopicPort;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The operations on metric alarms, and their evaluation.
final class MetricAlarmService {

    private static final List<String> ALARM_TYPES = List.of("CompositeAlarm", "MetricAlarm");
    private static final Logger log = LoggerFactory.getLogger(MetricAlarmService.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST_ALARM_NAMES = 100;
    private static final int PAGE = 100;
    private static final Set<String> STATES =
            Arrays.stream(MetricAlarmState.values())
                    .map(Enum::name)
                    .collect(Collectors.toUnmodifiableSet());
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_DESCRIPTION = 1_024;
    private static final int LONGEST_REASON = 1_023;
    private static final int LONGEST_REASON_DATA = 4_000;

    private final CloudClock clock;
    private final MetricStore metrics;
    private final Map<String, MetricAlarm> alarms = new ConcurrentHashMap<>();
    private final AlarmTags tags = new AlarmTags();
    private final AlarmHistory history = new AlarmHistory();
    private final AlarmStateChangePublisher stateChanges;

    MetricAlarmService(
            CloudClock clock,
            MetricStore metrics,
            Supplier<TopicPort> topics,
            Supplier<EventBusPort> buses) {
        this.clock = clock;
        this.metrics = metrics;
        this.stateChanges = new AlarmStateChangePublisher(topics, buses, history);
    }

    ObjectNode put(ObjectNode input, String region) {
        var name = CloudWatchParameters.required(input, "AlarmName", LONGEST_NAME);
        CloudWatchParameters.requireLength(
                input.path("AlarmDescription").asString(""),
                "AlarmDescription",
                LONGEST_DESCRIPTION);
        var newTags = AlarmTags.read(input.path("Tags"));
        var definition = MetricAlarmDefinitionReader.read(input, name, region);
        var now = clock.instant();
        var before = alarms.get(name);
        alarms.merge(
                name,
                new MetricAlarm(
                        definition,
                        new MetricAlarmStatus(
                                MetricAlarmState.INSUFFICIENT_DATA,
                                "Unchecked: Initial alarm creation",
                                "",
                                now),
                        now),
                (there, made) -> new MetricAlarm(made.definition(), there.status(), now));
        if (before == null) {
            tags.put(definition.arn(), newTags);
        }
        history.add(
                name,
                "ConfigurationUpdate",
                now,
                "Alarm \"%s\" %s".formatted(name, before == null ? "created" : "updated"),
                JSON.createObjectNode()
                        .put("version", "1.0")
                        .put("type", before == null ? "Create" : "Update"));
        return JSON.createObjectNode();
    }

    ObjectNode delete(ObjectNode input) {
        for (var name : alarmNames(input)) {
            var gone = alarms.remove(name);
            if (gone != null) {
                tags.remove(gone.definition().arn());
                history.add(
                        name,
                        "ConfigurationUpdate",
                        clock.instant(),
                        "Alarm \"%s\" deleted".formatted(name),
                        JSON.createObjectNode().put("version", "1.0").put("type", "Delete"));
            }
        }
        return JSON.createObjectNode();
    }

    ObjectNode describe(ObjectNode input) {
        var names = CloudWatchParameters.strings(input, "AlarmNames");
        var prefix = input.path("AlarmNamePrefix").asString("");
        if (!names.isEmpty() && !prefix.isEmpty()) {
            throw CloudWatchParameters.validation(
                    "AlarmNames and AlarmNamePrefix must not be given together.");
        }
        var state = CloudWatchParameters.optionalOneOf(input, "StateValue", STATES);
        var action = CloudWatchParameters.optional(input, "ActionPrefix");
        CloudWatchParameters.requireLength(names.size(), "AlarmNames", MOST_ALARM_NAMES);
        var types = CloudWatchParameters.strings(input, "AlarmTypes");
        for (var type : types) {
            if (!ALARM_TYPES.contains(type)) {
                throw CloudWatchParameters.validation(
                        "1 validation error detected: Value '%s' at 'alarmTypes' failed to satisfy constraint: Member must satisfy enum value set: %s"
                                .formatted(types, ALARM_TYPES));
            }
        }
        var answer = JSON.createObjectNode();
        var listed = answer.putArray("MetricAlarms");
        var found =
                sorted(
                        alarm ->
                                (types.isEmpty() || types.contains("MetricAlarm"))
                                        && (names.isEmpty()
                                                || names.contains(alarm.definition().name()))
                                        && alarm.definition().name().startsWith(prefix)
                                        && (state == null
                                                || alarm.status().state().name().equals(state))
                                        && (action == null || hasAction(alarm, action)));
        for (var alarm :
                CloudWatchPaging.of("alarms", found, input, "MaxRecords", PAGE, PAGE, answer)) {
            listed.add(toDescription(alarm));
        }
        answer.putArray("CompositeAlarms");
        return answer;
    }

    private static boolean hasAction(MetricAlarm alarm, String prefix) {
        var all = new ArrayList<String>();
        for (var state : MetricAlarmState.values()) {
            all.addAll(alarm.definition().actionsFor(state));
        }
        return all.stream().anyMatch(action -> action.startsWith(prefix));
    }

    private List<MetricAlarm> sorted(Predicate<MetricAlarm> wanted) {
        return alarms.values().stream()
                .filter(wanted)
                .sorted(Comparator.comparing(alarm -> alarm.definition().name()))
                .toList();
    }

    ObjectNode describeForMetric(ObjectNode input) {
        var metric = CloudWatchParameters.metric(input);
        var statistic =
                CloudWatchParameters.optional(
                        input,
                        input.hasNonNull("ExtendedStatistic") ? "ExtendedStatistic" : "Statistic");
        var unit = CloudWatchParameters.optional(input, "Unit");
        int period = input.hasNonNull("Period") ? CloudWatchParameters.period(input) : 0;
        var answer = JSON.createObjectNode();
        var listed = answer.putArray("MetricAlarms");
        sorted(
                        alarm ->
                                alarm.definition().queries().all().stream()
                                        .anyMatch(
                                                query ->
                                                        metric.equals(query.metric())
                                                                && (statistic == null
                                                                        || statistic.equals(
                                                                                query.statistic()))
                                                                && (unit == null
                                                                        || unit.equals(
                                                                                query.unit()))
                                                                && (period == 0
                                                                        || period
                                                                                == query.period())))
                .forEach(alarm -> listed.add(toDescription(alarm)));
        return answer;
    }

    ObjectNode describeHistory(ObjectNode input) {
        return history.describe(input);
    }

    private static ObjectNode toDescription(MetricAlarm alarm) {
        var status = alarm.status();
        var since = status.since().toEpochMilli() / 1000.0;
        var described = alarm.definition().requestMembers().deepCopy();
        described
                .put(
                        "AlarmConfigurationUpdatedTimestamp",
                        alarm.configured().toEpochMilli() / 1000.0)
                .put("StateValue", status.state().name())
                .put("StateReason", status.reason())
                .put("StateUpdatedTimestamp", since)
                .put("StateTransitionedTimestamp", since);
        if (!status.reasonData().isEmpty()) {
            described.put("StateReasonData", status.reasonData());
        }
        return described;
    }

    ObjectNode setState(ObjectNode input) {
        var name = CloudWatchParameters.required(input, "AlarmName", LONGEST_NAME);
        var state =
                MetricAlarmState.valueOf(
                        CloudWatchParameters.oneOf(input, "StateValue", null, STATES));
        var reason = CloudWatchParameters.required(input, "StateReason", LONGEST_REASON);
        var data = input.path("StateReasonData").asString("");
        CloudWatchParameters.requireLength(data, "StateReasonData", LONGEST_REASON_DATA);
        requireJson(data);
        var alarm = alarms.get(name);
        if (alarm == null) {
            throw AwsErrorException.of(
                    404,
                    "ResourceNotFound",
                    "ResourceNotFound",
                    "Alarm " + name + " does not exist");
        }
        change(alarm, state, reason, data);
        return JSON.createObjectNode();
    }

    private static void requireJson(String data) {
        try {
            if (!data.isEmpty()) {
                var _ = JSON.readTree(data);
            }
        } catch (JacksonException _) {
            throw AwsErrorException.of(
                    400,
                    "InvalidFormatFault",
                    "InvalidFormat",
                    "StateReasonData is not valid JSON.");
        }
    }

    ObjectNode enableActions(ObjectNode input, boolean enabled) {
        for (var name : alarmNames(input)) {
            alarms.computeIfPresent(
                    name,
                    (_, alarm) ->
                            new MetricAlarm(
                                    alarm.definition().withActions(enabled),
                                    alarm.status(),
                                    clock.instant()));
        }
        return JSON.createObjectNode();
    }

    /// Evaluates all alarms.
    void evaluate() {
        var now = clock.instant();
        for (var alarm : alarms.values()) {
            alarm.definition()
                    .evaluate(metrics, now)
                    .filter(state -> state != alarm.status().state())
                    .ifPresent(
                            state -> change(alarm, state, reason(alarm.definition(), state), ""));
        }
    }

    private static String reason(MetricAlarmDefinition definition, MetricAlarmState state) {
        var text =
                switch (state) {
                    case ALARM -> "Threshold Crossed: at least %d of %d periods of %d s were %s %s";
                    case OK -> "Threshold Crossed: fewer than %d of %d periods of %d s were %s %s";
                    case INSUFFICIENT_DATA ->
                            "Insufficient Data: too few datapoints to find %d of %d periods of %d s"
                                    + " to be %s %s";
                };
        return text.formatted(
                definition.datapointsToAlarm(),
                definition.evaluationPeriods(),
                definition.periodSeconds(),
                definition.comparison(),
                definition.threshold());
    }

    private void change(
            MetricAlarm alarm, MetricAlarmState state, String reason, String reasonData) {
        var definition = alarm.definition();
        var before = alarm.status();
        var after = new MetricAlarmStatus(state, reason, reasonData, clock.instant());
        if (alarms.computeIfPresent(
                        definition.name(),
                        (_, there) ->
                                new MetricAlarm(there.definition(), after, there.configured()))
                == null) {
            return;
        }
        if (before.state() == state) {
            return;
        }
        log.info("alarm {} is {} (was {}): {}", definition.name(), state, before.state(), reason);
        stateChanges.publish(alarm, before, after);
    }

    /// The alarm names of a request, of which at least one is required
    /// (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html).
    private static List<String> alarmNames(JsonNode input) {
        var names = CloudWatchParameters.strings(input, "AlarmNames");
        if (names.isEmpty()) {
            throw CloudWatchParameters.missing("AlarmNames");
        }
        CloudWatchParameters.requireLength(names.size(), "AlarmNames", MOST_ALARM_NAMES);
        return names;
    }

    ObjectNode tag(ObjectNode input) {
        return tags.tag(input);
    }

    ObjectNode untag(ObjectNode input) {
        return tags.untag(input);
    }

    ObjectNode listTags(ObjectNode input) {
        return tags.listTags(input);
    }
}
