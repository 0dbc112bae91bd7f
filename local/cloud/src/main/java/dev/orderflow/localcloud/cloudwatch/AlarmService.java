package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.cloudwatch.MetricAlarm.MetricAlarmDefinition;
import dev.orderflow.localcloud.ports.EventBusPort;
import dev.orderflow.localcloud.ports.TopicPort;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The operations on metric and composite alarms, and their evaluation.
final class AlarmService {

    private static final List<String> ALARM_TYPES = List.of(CompositeAlarm.TYPE, MetricAlarm.TYPE);
    private static final Logger log = LoggerFactory.getLogger(AlarmService.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST_ALARM_NAMES = 100;
    private static final int PAGE = 100;
    private static final Set<String> STATES =
            Arrays.stream(AlarmState.values())
                    .map(Enum::name)
                    .collect(Collectors.toUnmodifiableSet());
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_DESCRIPTION = 1_024;
    private static final int LONGEST_REASON = 1_023;
    private static final int LONGEST_REASON_DATA = 4_000;
    private static final long SHORTEST_PERIOD = 10;
    private static final Duration LONGEST_CATCH_UP = Duration.ofHours(1);

    private final CloudClock clock;
    private final MetricStore metrics;
    private final AlarmRepository alarms = new AlarmRepository();
    private final AlarmTags tags = new AlarmTags();
    private final AlarmHistory history = new AlarmHistory();
    private final AlarmStateChangePublisher stateChanges;
    private final CompositeAlarmEvaluator composites;
    private Instant evaluatedUntil;

    AlarmService(
            CloudClock clock,
            MetricStore metrics,
            Supplier<TopicPort> topics,
            Supplier<EventBusPort> buses) {
        this.clock = clock;
        this.metrics = metrics;
        this.stateChanges = new AlarmStateChangePublisher(topics, buses, history);
        this.composites = new CompositeAlarmEvaluator(alarms, stateChanges);
        this.evaluatedUntil = clock.instant();
    }

    ObjectNode put(ObjectNode input, String region) {
        var name = requireName(input);
        var newTags = AlarmTags.read(input.path("Tags"));
        var definition = MetricAlarmDefinitionReader.read(input, name, region);
        var now = clock.instant();
        switch (alarms.find(name)) {
            case CompositeAlarm _ -> throw otherType(name, CompositeAlarm.TYPE);
            case MetricAlarm before ->
                    update(new MetricAlarm(definition, before.status(), now), now);
            case null ->
                    create(new MetricAlarm(definition, AlarmStatus.initial(now), now), newTags);
        }
        return JSON.createObjectNode();
    }

    ObjectNode putComposite(ObjectNode input, String region) {
        var name = requireName(input);
        var newTags = AlarmTags.read(input.path("Tags"));
        var definition = CompositeAlarm.read(input, name, region);
        var missing = composites.findMissing(definition);
        if (!missing.isEmpty()) {
            throw CloudWatchParameters.validation(
                    "Could not save the composite alarm as alarms %s in the alarm rule do not exist"
                            .formatted(missing));
        }
        if (!composites.isPresent(definition.suppressor())) {
            throw CloudWatchParameters.validation(
                    "Could not save the composite alarm as its actions suppressor alarm %s does not exist"
                            .formatted(definition.suppressor()));
        }
        if (definition.dependsOn(name)) {
            throw CloudWatchParameters.validation(
                    "Could not save the composite alarm because it depends on itself");
        }
        var now = clock.instant();
        switch (alarms.find(name)) {
            case MetricAlarm _ -> throw otherType(name, MetricAlarm.TYPE);
            case CompositeAlarm before -> update(before.withDefinition(definition, now), now);
            case null -> create(CompositeAlarm.create(definition, now), newTags);
        }
        return JSON.createObjectNode();
    }

    private static String requireName(ObjectNode input) {
        CloudWatchParameters.requireLength(
                input.path("AlarmDescription").asString(""),
                "AlarmDescription",
                LONGEST_DESCRIPTION);
        return CloudWatchParameters.required(input, "AlarmName", LONGEST_NAME);
    }

    private static AwsErrorException otherType(String name, String type) {
        return CloudWatchParameters.validation(
                "The alarm %s exists and is a %s; delete it first".formatted(name, type));
    }

    private void create(Alarm alarm, Map<String, String> newTags) {
        alarms.put(alarm);
        tags.put(alarm.definition().arn(), newTags);
        recordUpdate(alarm, "created", "Create", alarm.configured());
    }

    private void update(Alarm alarm, Instant now) {
        alarms.put(alarm);
        recordUpdate(alarm, "updated", "Update", now);
    }

    private void recordUpdate(Alarm alarm, String verb, String type, Instant now) {
        history.add(
                alarm,
                "ConfigurationUpdate",
                now,
                "Alarm \"%s\" %s".formatted(alarm.name(), verb),
                JSON.createObjectNode().put("version", "1.0").put("type", type));
    }

    /// Deletes alarms, but none on which a composite alarm depends.
    ObjectNode delete(ObjectNode input) {
        var names = new TreeSet<>(alarmNames(input));
        if (names.size() > 1
                && names.stream().anyMatch(name -> alarms.find(name) instanceof CompositeAlarm)) {
            throw CloudWatchParameters.validation(
                    "A composite alarm must be deleted alone, without other alarms");
        }
        for (var name : names) {
            for (var composite : alarms.findAll(CompositeAlarm.class)) {
                if (composite.definition().dependsOn(name)) {
                    throw CloudWatchParameters.validation(
                            "Cannot delete %s as there are composite alarm(s) depending on it."
                                    .formatted(name));
                }
            }
        }
        for (var name : names) {
            var deleted = alarms.remove(name);
            if (deleted != null) {
                tags.remove(deleted.definition().arn());
                recordUpdate(deleted, "deleted", "Delete", clock.instant());
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
        var wanted = alarmTypes(input);
        var answer = JSON.createObjectNode();
        var metricAlarms = answer.putArray("MetricAlarms");
        var compositeAlarms = answer.putArray("CompositeAlarms");
        var found =
                alarms.findAll().stream()
                        .filter(alarm -> wanted.contains(alarm.type()))
                        .filter(alarm -> names.isEmpty() || names.contains(alarm.name()))
                        .filter(alarm -> alarm.name().startsWith(prefix))
                        .filter(
                                alarm ->
                                        state == null
                                                || alarm.status().state().name().equals(state))
                        .filter(alarm -> action == null || hasAction(alarm, action))
                        .toList();
        for (var alarm :
                CloudWatchPaging.of("alarms", found, input, "MaxRecords", PAGE, PAGE, answer)) {
            switch (alarm) {
                case MetricAlarm _ -> metricAlarms.add(toDescription(alarm));
                case CompositeAlarm _ -> compositeAlarms.add(toDescription(alarm));
            }
        }
        return answer;
    }

    /// The types that a request wants; without any, only metric alarms
    /// (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html).
    static List<String> alarmTypes(ObjectNode input) {
        var types = CloudWatchParameters.strings(input, "AlarmTypes");
        for (var type : types) {
            if (!ALARM_TYPES.contains(type)) {
                throw CloudWatchParameters.validation(
                        "1 validation error detected: Value '%s' at 'alarmTypes' failed to satisfy constraint: Member must satisfy enum value set: %s"
                                .formatted(types, ALARM_TYPES));
            }
        }
        return types.isEmpty() ? List.of(MetricAlarm.TYPE) : types;
    }

    private static boolean hasAction(Alarm alarm, String prefix) {
        return Arrays.stream(AlarmState.values())
                .flatMap(state -> alarm.definition().actionsFor(state).stream())
                .anyMatch(action -> action.startsWith(prefix));
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
        alarms.findAll(MetricAlarm.class).stream()
                .filter(
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

    private static ObjectNode toDescription(Alarm alarm) {
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
        alarm.describe(described);
        return described;
    }

    ObjectNode setState(ObjectNode input) {
        var name = CloudWatchParameters.required(input, "AlarmName", LONGEST_NAME);
        var state =
                AlarmState.valueOf(CloudWatchParameters.oneOf(input, "StateValue", null, STATES));
        var reason = CloudWatchParameters.required(input, "StateReason", LONGEST_REASON);
        var data = input.path("StateReasonData").asString("");
        CloudWatchParameters.requireLength(data, "StateReasonData", LONGEST_REASON_DATA);
        requireJson(data);
        var alarm = alarms.find(name);
        if (alarm == null) {
            throw AwsErrorException.of(
                    404,
                    "ResourceNotFound",
                    "ResourceNotFound",
                    "Alarm " + name + " does not exist");
        }
        change(alarm, state, reason, data, clock.instant());
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
            alarms.update(name, alarm -> alarm.withActions(enabled, clock.instant()));
        }
        return JSON.createObjectNode();
    }

    /// Evaluates all alarms as of now, and before that as of each moment since the last call at
    /// which a period can have ended. Calls come late on a busy machine or with an accelerated
    /// clock, and an alarm of a single minute would be missed.
    void evaluate() {
        evaluate(clock.instant());
    }

    void evaluate(Instant now) {
        var earliest = now.minus(LONGEST_CATCH_UP);
        var from = evaluatedUntil.isBefore(earliest) ? earliest : evaluatedUntil;
        long end = Math.floorDiv(from.getEpochSecond(), SHORTEST_PERIOD) * SHORTEST_PERIOD;
        // The end before now has the same complete periods as now.
        while ((end += SHORTEST_PERIOD) + SHORTEST_PERIOD <= now.getEpochSecond()) {
            evaluateAll(Instant.ofEpochSecond(end));
        }
        evaluateAll(now);
        evaluatedUntil = now;
    }

    /// Evaluates all metric alarms that have not changed since, then all composite alarms.
    private void evaluateAll(Instant moment) {
        for (var alarm : alarms.findAll(MetricAlarm.class)) {
            if (alarm.status().since().isAfter(moment)) {
                continue;
            }
            alarm.definition()
                    .evaluate(metrics, moment)
                    .filter(state -> state != alarm.status().state())
                    .ifPresent(
                            state ->
                                    change(
                                            alarm,
                                            state,
                                            reason(alarm.definition(), state),
                                            "",
                                            moment));
        }
        composites.evaluate(moment);
    }

    private static String reason(MetricAlarmDefinition definition, AlarmState state) {
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
            Alarm alarm, AlarmState state, String reason, String reasonData, Instant moment) {
        var before = alarm.status();
        var changed =
                alarms.update(
                        alarm.name(),
                        there ->
                                there.withStatus(
                                        new AlarmStatus(state, reason, reasonData, moment)));
        if (changed == null || before.state() == state) {
            return;
        }
        log.info("alarm {} is {} (was {}): {}", alarm.name(), state, before.state(), reason);
        stateChanges.publish(changed, before);
        switch (changed) {
            case MetricAlarm _ -> stateChanges.act(changed, before.state(), List.of());
            // The evaluation performs its actions, unless they are suppressed.
            case CompositeAlarm _ -> {}
        }
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
