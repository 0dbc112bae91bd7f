package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.cloudwatch.MetricAlarm.MetricAlarmDefinition;
import dev.orderflow.localcloud.cloudwatch.MetricAlarm.MetricAlarmState;
import dev.orderflow.localcloud.cloudwatch.MetricAlarm.MetricAlarmStatus;
import dev.orderflow.localcloud.ports.Authorizer;
import dev.orderflow.localcloud.ports.EventBusPort;
import dev.orderflow.localcloud.ports.TopicPort;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.HttpGateway;
import dev.orderflow.localcloud.wire.TagRules;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The operations on metric alarms, their evaluation and their notifications.
final class MetricAlarmService {

    private static final Logger log = LoggerFactory.getLogger(MetricAlarmService.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST_ALARM_NAMES = 100;
    private static final int PAGE = 100;
    private static final int MOST_TAGS = 50;
    private static final Set<String> COMPARISONS =
            Set.of(
                    "GreaterThanThreshold",
                    "GreaterThanOrEqualToThreshold",
                    "LessThanThreshold",
                    "LessThanOrEqualToThreshold");
    private static final Set<String> STATES =
            Arrays.stream(MetricAlarmState.values())
                    .map(Enum::name)
                    .collect(Collectors.toUnmodifiableSet());
    private static final Set<String> TREATMENTS =
            Set.of("breaching", "notBreaching", "ignore", "missing");

    /// Members of an alarm on one metric that an alarm on several metrics must not have.
    private static final List<String> OF_ONE_METRIC =
            List.of(
                    "MetricName",
                    "Namespace",
                    "Dimensions",
                    "Period",
                    "Unit",
                    "Statistic",
                    "ExtendedStatistic");

    private static final DateTimeFormatter IN_MESSAGES =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ").withZone(ZoneOffset.UTC);

    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_DESCRIPTION = 1_024;
    private static final int LONGEST_REASON = 1_023;
    private static final int LONGEST_REASON_DATA = 4_000;
    private static final int MOST_ACTIONS = 5;

    private final CloudClock clock;
    private final MetricStore metrics;
    private final Supplier<TopicPort> topics;
    private final Supplier<EventBusPort> buses;
    private final Map<String, MetricAlarm> alarms = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> tags = new ConcurrentHashMap<>();
    private final AlarmHistory history = new AlarmHistory();

    MetricAlarmService(
            CloudClock clock,
            MetricStore metrics,
            Supplier<TopicPort> topics,
            Supplier<EventBusPort> buses) {
        this.clock = clock;
        this.metrics = metrics;
        this.topics = topics;
        this.buses = buses;
    }

    ObjectNode put(ObjectNode input, String region) {
        var name = CloudWatchParameters.required(input, "AlarmName", LONGEST_NAME);
        CloudWatchParameters.requireLength(
                input.path("AlarmDescription").asString(""),
                "AlarmDescription",
                LONGEST_DESCRIPTION);
        var newTags = readTags(input.path("Tags"));
        var queries =
                input.path("Metrics").isEmpty() ? onOneMetric(input) : onSeveralMetrics(input);
        int period = queries.period();
        int evaluationPeriods = CloudWatchParameters.whole(input, "EvaluationPeriods");
        int datapoints =
                input.hasNonNull("DatapointsToAlarm")
                        ? CloudWatchParameters.whole(input, "DatapointsToAlarm")
                        : evaluationPeriods;
        if (datapoints > evaluationPeriods) {
            throw CloudWatchParameters.validation(
                    "DatapointsToAlarm must be less than or equal to EvaluationPeriods.");
        }
        if ((long) period * evaluationPeriods > Duration.ofDays(7).toSeconds()) {
            throw CloudWatchParameters.validation(
                    "Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= 604800).");
        }
        var now = clock.instant();
        var definition =
                new MetricAlarmDefinition(
                        name,
                        queries,
                        period,
                        evaluationPeriods,
                        datapoints,
                        CloudWatchParameters.number(input, "Threshold"),
                        CloudWatchParameters.oneOf(input, "ComparisonOperator", null, COMPARISONS),
                        CloudWatchParameters.oneOf(
                                input, "TreatMissingData", "missing", TREATMENTS),
                        CloudWatchParameters.flag(input, "ActionsEnabled", true),
                        actions(input, "AlarmActions"),
                        actions(input, "OKActions"),
                        actions(input, "InsufficientDataActions"),
                        toDescription(input, queries, name, region, evaluationPeriods));
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
            tags.put(arn(definition), newTags);
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

    private static MetricQueries onOneMetric(ObjectNode input) {
        CloudWatchParameters.requireNotBoth(input, "Statistic", "ExtendedStatistic");
        boolean extended = input.hasNonNull("ExtendedStatistic");
        var statistic =
                CloudWatchParameters.required(input, extended ? "ExtendedStatistic" : "Statistic");
        if (extended) {
            MetricStatistics.requireExtended(statistic);
        } else {
            MetricStatistics.requirePlain(statistic);
        }
        CloudWatchParameters.optionalOneOf(
                input, "EvaluateLowSampleCountPercentile", Set.of("evaluate", "ignore"));
        return new MetricQueries(
                List.of(
                        new MetricQueries.MetricQuery(
                                "",
                                null,
                                CloudWatchParameters.metric(input),
                                statistic,
                                CloudWatchParameters.unit(input),
                                CloudWatchParameters.period(input),
                                null,
                                true)));
    }

    private static MetricQueries onSeveralMetrics(ObjectNode input) {
        for (var single : OF_ONE_METRIC) {
            if (input.hasNonNull(single)) {
                throw CloudWatchParameters.validation(
                        "Metrics list and " + single + " must not be given together.");
            }
        }
        var queries = MetricQueries.read(input.path("Metrics"));
        if (queries.all().stream().filter(MetricQueries.MetricQuery::returned).count() != 1) {
            throw CloudWatchParameters.validation(
                    "Exactly one element of the metrics list should return data.");
        }
        // Rejects an invalid expression now instead of at every evaluation.
        queries.evaluate(new MetricStore(), 0, queries.period());
        return queries;
    }

    private static ObjectNode toDescription(
            ObjectNode input,
            MetricQueries queries,
            String name,
            String region,
            int evaluationPeriods) {
        var kept = JSON.createObjectNode();
        kept.put("AlarmName", name);
        kept.put(
                "AlarmArn",
                "arn:aws:cloudwatch:%s:%s:alarm:%s".formatted(region, HttpGateway.ACCOUNT, name));
        for (var text :
                List.of(
                        "AlarmDescription",
                        "MetricName",
                        "Namespace",
                        "Statistic",
                        "ExtendedStatistic",
                        "Unit",
                        "ComparisonOperator",
                        "TreatMissingData",
                        "EvaluateLowSampleCountPercentile")) {
            if (input.hasNonNull(text)) {
                kept.put(text, input.path(text).asString(""));
            }
        }
        kept.put("ActionsEnabled", CloudWatchParameters.flag(input, "ActionsEnabled", true));
        kept.put("EvaluationPeriods", evaluationPeriods);
        for (var number : List.of("Period", "DatapointsToAlarm")) {
            if (input.hasNonNull(number)) {
                kept.put(number, CloudWatchParameters.whole(input, number));
            }
        }
        kept.put("Threshold", CloudWatchParameters.number(input, "Threshold"));
        if (input.path("Metrics").isEmpty()) {
            CloudWatchParameters.metric(input).describe(kept);
        } else {
            queries.describe(kept.putArray("Metrics"));
            kept.putArray("Dimensions");
        }
        for (var actions : List.of("AlarmActions", "OKActions", "InsufficientDataActions")) {
            actions(input, actions).forEach(kept.putArray(actions)::add);
        }
        return kept;
    }

    private static List<String> actions(ObjectNode input, String member) {
        var actions = CloudWatchParameters.strings(input, member);
        CloudWatchParameters.requireLength(actions.size(), member, MOST_ACTIONS);
        for (var action : actions) {
            if (!action.startsWith("arn:aws:sns:")) {
                throw CloudWatchParameters.unsupported(member + " other than SNS topics");
            }
        }
        return actions;
    }

    ObjectNode delete(ObjectNode input) {
        for (var name : alarmNames(input)) {
            var gone = alarms.remove(name);
            if (gone != null) {
                tags.remove(arn(gone.definition()));
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
        var types = CloudWatchParameters.strings(input, "AlarmTypes");
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
        var data = JSON.createObjectNode().put("version", "1.0");
        data.set("oldState", state(before, "stateValue", "stateReason"));
        data.set("newState", state(after, "stateValue", "stateReason"));
        history.add(
                definition.name(),
                "StateUpdate",
                after.since(),
                "Alarm updated from %s to %s".formatted(before.state(), state),
                data);
        if (definition.actionsEnabled()) {
            for (var topic : definition.actionsFor(state)) {
                notify(topic, alarm, before, after);
            }
        }
        publishEvent(definition, before, after);
    }

    private static ObjectNode state(MetricAlarmStatus standing, String value, String reason) {
        return JSON.createObjectNode()
                .put(value, standing.state().name())
                .put(reason, standing.reason());
    }

    private void publishEvent(
            MetricAlarmDefinition definition, MetricAlarmStatus before, MetricAlarmStatus after) {
        var detail = JSON.createObjectNode().put("alarmName", definition.name());
        detail.set(
                "state",
                state(after, "value", "reason").put("timestamp", after.since().toString()));
        detail.set(
                "previousState",
                state(before, "value", "reason").put("timestamp", before.since().toString()));
        var configuration =
                detail.putObject("configuration").put("description", definition.description());
        var list = configuration.putArray("metrics");
        for (var query : definition.queries().all()) {
            var one = list.addObject().put("id", query.id().isEmpty() ? "m1" : query.id());
            if (query.metric() == null) {
                one.put("expression", query.expression());
            } else {
                var stat = one.putObject("metricStat");
                var metric =
                        stat.putObject("metric")
                                .put("namespace", query.metric().namespace())
                                .put("name", query.metric().name());
                new TreeMap<>(query.metric().dimensions())
                        .forEach(metric.putObject("dimensions")::put);
                stat.put("period", query.period()).put("stat", query.statistic());
            }
            one.put("returnData", query.returned());
        }
        buses.get()
                .publishServiceEvent(
                        "aws.cloudwatch",
                        "CloudWatch Alarm State Change",
                        List.of(arn(definition)),
                        detail);
    }

    private void notify(
            String topic, MetricAlarm alarm, MetricAlarmStatus before, MetricAlarmStatus after) {
        var definition = alarm.definition();
        var outcome = JSON.createObjectNode().put("actionState", "Succeeded");
        var summary = "Successfully executed action " + topic;
        try {
            topics.get()
                    .withCaller(
                            new Authorizer.Principal.ServicePrincipal(
                                    "cloudwatch.amazonaws.com", arn(definition)))
                    .publish(
                            topic,
                            "%s: \"%s\"".formatted(after.state(), definition.name()),
                            message(alarm, before, after).toString(),
                            Map.of());
        } catch (AwsErrorException failure) {
            log.warn(
                    "alarm {}: notification of {} failed: {}",
                    definition.name(),
                    topic,
                    failure.getMessage());
            outcome.put("actionState", "Failed").put("error", failure.getMessage());
            summary =
                    "Failed to execute action %s. Received error: \"%s\""
                            .formatted(topic, failure.getMessage());
        }
        history.add(
                definition.name(),
                "Action",
                after.since(),
                summary,
                outcome.put("notificationResource", topic));
    }

    private static ObjectNode message(
            MetricAlarm alarm, MetricAlarmStatus before, MetricAlarmStatus after) {
        var definition = alarm.definition();
        var message =
                JSON.createObjectNode()
                        .put("AlarmName", definition.name())
                        .put("AlarmDescription", definition.description())
                        .put("AWSAccountId", HttpGateway.ACCOUNT)
                        .put(
                                "AlarmConfigurationUpdatedTimestamp",
                                IN_MESSAGES.format(alarm.configured()))
                        .put("NewStateValue", after.state().name())
                        .put("NewStateReason", after.reason())
                        .put("StateChangeTime", IN_MESSAGES.format(after.since()))
                        .put("Region", "US East (N. Virginia)")
                        .put("AlarmArn", arn(definition))
                        .put("OldStateValue", before.state().name());
        definition.okActions().forEach(message.putArray("OKActions")::add);
        definition.alarmActions().forEach(message.putArray("AlarmActions")::add);
        definition
                .insufficientDataActions()
                .forEach(message.putArray("InsufficientDataActions")::add);
        var trigger = message.putObject("Trigger");
        var query = definition.queries().all().getFirst();
        if (definition.requestMembers().has("Metrics")) {
            trigger.set("Metrics", definition.requestMembers().path("Metrics"));
        } else if (query.metric() != null) {
            trigger.put("MetricName", query.metric().name())
                    .put("Namespace", query.metric().namespace())
                    .put("StatisticType", "Statistic")
                    .put("Statistic", query.statistic().toUpperCase(Locale.ROOT))
                    .put("Unit", query.unit());
            var dimensions = trigger.putArray("Dimensions");
            new TreeMap<>(query.metric().dimensions())
                    .forEach(
                            (key, value) ->
                                    dimensions.addObject().put("value", value).put("name", key));
        }
        trigger.put("Period", definition.periodSeconds())
                .put("EvaluationPeriods", definition.evaluationPeriods())
                .put("DatapointsToAlarm", definition.datapointsToAlarm())
                .put("ComparisonOperator", definition.comparison())
                .put("Threshold", definition.threshold())
                .put("TreatMissingData", definition.treatMissingData())
                .put("EvaluateLowSampleCountPercentile", "");
        return message;
    }

    private static String arn(MetricAlarmDefinition alarm) {
        return alarm.requestMembers().path("AlarmArn").asString();
    }

    /// The alarm names of a request, of which at least one is required
    /// (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html).
    private static List<String> alarmNames(JsonNode input) {
        var names = CloudWatchParameters.strings(input, "AlarmNames");
        if (names.isEmpty()) {
            throw CloudWatchParameters.missing("AlarmNames");
        }
        if (names.size() > MOST_ALARM_NAMES) {
            throw CloudWatchParameters.invalid(
                    "AlarmNames must have at most " + MOST_ALARM_NAMES + " members");
        }
        return names;
    }

    // Tags

    ObjectNode tag(ObjectNode input) {
        var there = findTags(input);
        var all = new ConcurrentSkipListMap<>(there);
        all.putAll(readTags(input.path("Tags")));
        requireTagLimit(all);
        there.putAll(all);
        return JSON.createObjectNode();
    }

    ObjectNode untag(ObjectNode input) {
        findTags(input).keySet().removeAll(CloudWatchParameters.strings(input, "TagKeys"));
        return JSON.createObjectNode();
    }

    ObjectNode listTags(ObjectNode input) {
        var answer = JSON.createObjectNode();
        var list = answer.putArray("Tags");
        findTags(input)
                .forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
        return answer;
    }

    private Map<String, String> findTags(ObjectNode input) {
        var arn = CloudWatchParameters.required(input, "ResourceARN");
        var there = tags.get(arn);
        if (there == null) {
            throw AwsErrorException.of(
                    404,
                    "ResourceNotFoundException",
                    "ResourceNotFoundException",
                    "The resource %s does not exist.".formatted(arn));
        }
        return there;
    }

    private static Map<String, String> readTags(JsonNode given) {
        var read = new ConcurrentSkipListMap<String, String>();
        given.forEach(
                tag ->
                        read.put(
                                CloudWatchParameters.required(tag, "Key"),
                                tag.path("Value").asString("")));
        TagRules.require(read, CloudWatchParameters::invalid);
        requireTagLimit(read);
        return read;
    }

    private static void requireTagLimit(Map<String, String> tags) {
        if (tags.size() > MOST_TAGS) {
            throw CloudWatchParameters.invalid("An alarm has at most " + MOST_TAGS + " tags.");
        }
    }
}
