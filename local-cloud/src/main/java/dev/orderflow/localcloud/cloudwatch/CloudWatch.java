package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.cloudwatch.Alarm.Definition;
import dev.orderflow.localcloud.cloudwatch.Alarm.Source;
import dev.orderflow.localcloud.cloudwatch.Alarm.Standing;
import dev.orderflow.localcloud.cloudwatch.Alarm.State;
import dev.orderflow.localcloud.cloudwatch.Alarm.Sum;
import dev.orderflow.localcloud.sqs.Sqs;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsError;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.AwsService;
import dev.orderflow.localcloud.wire.Front;
import dev.orderflow.localcloud.wiring.Authorizer;
import dev.orderflow.localcloud.wiring.EventBuses;
import dev.orderflow.localcloud.wiring.Metrics;
import dev.orderflow.localcloud.wiring.Topics;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// [CloudWatch](https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/Welcome.html)
/// metrics and metric alarms, also on a sum of metrics (`m1 + m2`). Other metric math, anomaly
/// detection, composite alarms and actions other than SNS topics are refused by name.
///
/// The queues' own metrics are sampled every minute of the cloud's time.
public final class CloudWatch implements AwsService, Metrics, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CloudWatch.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration SAMPLING = Duration.ofMinutes(1);
    private static final Duration EVALUATION = Duration.ofSeconds(10);
    private static final Duration OLDEST_SAMPLE = Duration.ofDays(14);
    private static final Duration NEWEST_SAMPLE = Duration.ofHours(2);
    private static final int MOST_SAMPLES = 1_000;
    private static final int MOST_ALARM_NAMES = 100;
    private static final int MOST_DIMENSIONS = 30;
    private static final int MOST_DATAPOINTS = 1_440;
    private static final Set<String> COMPARISONS =
            Set.of(
                    "GreaterThanThreshold",
                    "GreaterThanOrEqualToThreshold",
                    "LessThanThreshold",
                    "LessThanOrEqualToThreshold");
    private static final Pattern QUERY_ID = Pattern.compile("[a-z][A-Za-z0-9_]{0,254}");
    private static final Set<String> TREATMENTS =
            Set.of("breaching", "notBreaching", "ignore", "missing");

    private final CloudClock clock;
    private final Sqs queues;
    private final Supplier<Topics> topics;
    private final Supplier<EventBuses> buses;
    private final MetricStore metrics = new MetricStore();
    private final Map<String, Alarm> alarms = new ConcurrentHashMap<>();
    private final Dashboards dashboards = new Dashboards();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("cloudwatch").factory());

    public CloudWatch(
            CloudClock clock, Sqs queues, Supplier<Topics> topics, Supplier<EventBuses> buses) {
        this.clock = clock;
        this.queues = queues;
        this.topics = topics;
        this.buses = buses;
        every(SAMPLING, this::sampleQueues);
        every(EVALUATION, this::evaluateAlarms);
    }

    private void every(Duration cloudTime, Runnable work) {
        long nanos = clock.real(cloudTime).toNanos();
        timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException failed) {
                        log.warn("CloudWatch goes on after {}", failed.toString());
                    }
                },
                nanos,
                nanos,
                TimeUnit.NANOSECONDS);
    }

    @Override
    public String signingName() {
        return "monitoring";
    }

    @Override
    public void record(
            String namespace, String name, Map<String, String> dimensions, double value) {
        metrics.add(
                new MetricId(namespace, name, dimensions),
                clock.instant(),
                statistics -> statistics.add(value, 1));
    }

    @Override
    public ObjectNode handle(AwsRequest request) {
        var input = request.input();
        return switch (request.operation()) {
            case "PutMetricData" -> putMetricData(input);
            case "GetMetricStatistics" -> getMetricStatistics(input);
            case "GetMetricData" -> getMetricData(input);
            case "ListMetrics" -> listMetrics(input);
            case "PutMetricAlarm" -> putMetricAlarm(input);
            case "DescribeAlarms" -> describeAlarms(input);
            case "DeleteAlarms" -> {
                alarmNames(input).forEach(alarms::remove);
                yield JSON.createObjectNode();
            }
            case "SetAlarmState" -> setAlarmState(input);
            case "EnableAlarmActions" -> enableActions(input, true);
            case "DisableAlarmActions" -> enableActions(input, false);
            case "PutDashboard" -> dashboards.put(input);
            case "GetDashboard" -> dashboards.get(input);
            case "ListDashboards" -> dashboards.list(input);
            case "DeleteDashboards" -> dashboards.delete(input);
            default -> throw AwsError.unknownOperation(request.operation());
        };
    }

    private ObjectNode putMetricData(ObjectNode input) {
        var namespace = required(input, "Namespace");
        if (namespace.startsWith("AWS/")) {
            throw invalid("The value AWS/ for parameter Namespace is reserved");
        }
        if (input.has("EntityMetricData")) {
            throw unsupported("EntityMetricData");
        }
        var data = input.path("MetricData");
        if (data.isEmpty() || data.size() > MOST_SAMPLES) {
            throw invalid("MetricData must have 1 to " + MOST_SAMPLES + " members");
        }
        // All of them are read before the first is kept: a refused call changes nothing.
        var samples = new ArrayList<Runnable>();
        for (var datum : data) {
            samples.add(sample(namespace, datum));
        }
        samples.forEach(Runnable::run);
        return JSON.createObjectNode();
    }

    private Runnable sample(String namespace, JsonNode datum) {
        var metric = new MetricId(namespace, required(datum, "MetricName"), dimensions(datum));
        // A client's clock does not run as fast as the cloud's may.
        var now = clock.wallInstant();
        var then = datum.has("Timestamp") ? instant(datum, "Timestamp") : now;
        if (then.isBefore(now.minus(OLDEST_SAMPLE)) || then.isAfter(now.plus(NEWEST_SAMPLE))) {
            throw invalid("Timestamp must be within two weeks past and two hours ahead");
        }
        var at = clock.at(then);
        if (datum.has("StatisticValues")) {
            var set = datum.get("StatisticValues");
            double count = number(set, "SampleCount");
            double sum = number(set, "Sum");
            double minimum = number(set, "Minimum");
            double maximum = number(set, "Maximum");
            return () -> metrics.add(metric, at, there -> there.add(count, sum, minimum, maximum));
        }
        if (datum.has("Values")) {
            var values = numbers(datum, "Values");
            var counts = datum.has("Counts") ? numbers(datum, "Counts") : null;
            if (counts != null && counts.length != values.length) {
                throw invalid("Values and Counts must be of the same length");
            }
            return () ->
                    metrics.add(
                            metric,
                            at,
                            there -> {
                                for (int i = 0; i < values.length; i++) {
                                    there.add(values[i], counts == null ? 1 : counts[i]);
                                }
                            });
        }
        double value = number(datum, "Value");
        return () -> metrics.add(metric, at, there -> there.add(value, 1));
    }

    private ObjectNode getMetricStatistics(ObjectNode input) {
        var metric =
                new MetricId(
                        required(input, "Namespace"),
                        required(input, "MetricName"),
                        dimensions(input));
        var statistics = new ArrayList<>(strings(input, "Statistics"));
        var extended = strings(input, "ExtendedStatistics");
        statistics.addAll(extended);
        if (statistics.isEmpty()) {
            throw invalid("Statistics or ExtendedStatistics must be given");
        }
        statistics.forEach(Statistics::requireKnown);
        int period = period(input);
        var answer = JSON.createObjectNode().put("Label", metric.name());
        var datapoints = answer.putArray("Datapoints");
        for (var from : periods(input, period)) {
            var found = metrics.between(metric, from, from + period);
            if (found.isEmpty()) {
                continue;
            }
            var datapoint = datapoints.addObject().put("Timestamp", (double) from);
            for (var statistic : statistics) {
                var value = found.value(statistic);
                if (value != null) {
                    (extended.contains(statistic)
                                    ? datapoint.withObject("/ExtendedStatistics")
                                    : datapoint)
                            .put(statistic, value);
                }
            }
        }
        return answer;
    }

    private ObjectNode getMetricData(ObjectNode input) {
        var answer = JSON.createObjectNode();
        var results = answer.putArray("MetricDataResults");
        for (var query : input.path("MetricDataQueries")) {
            if (query.has("Expression")) {
                throw unsupported("metric math (Expression)");
            }
            var stat = query.path("MetricStat");
            var named = stat.path("Metric");
            var metric =
                    new MetricId(
                            required(named, "Namespace"),
                            required(named, "MetricName"),
                            dimensions(named));
            var statistic = required(stat, "Stat");
            Statistics.requireKnown(statistic);
            int period = period(stat);
            var result =
                    results.addObject()
                            .put("Id", required(query, "Id"))
                            .put("Label", query.path("Label").asString(metric.name()))
                            .put("StatusCode", "Complete");
            var timestamps = result.putArray("Timestamps");
            var values = result.putArray("Values");
            for (var from : periods(input, period).reversed()) {
                var found = metrics.between(metric, from, from + period);
                var value = found.isEmpty() ? null : found.value(statistic);
                if (value != null) {
                    timestamps.add((double) from);
                    values.add(value);
                }
            }
        }
        answer.putArray("Messages");
        return answer;
    }

    private ObjectNode listMetrics(ObjectNode input) {
        var namespace = input.path("Namespace").asString(null);
        var name = input.path("MetricName").asString(null);
        var answer = JSON.createObjectNode();
        var listed = answer.putArray("Metrics");
        metrics.known().stream()
                .filter(metric -> namespace == null || metric.namespace().equals(namespace))
                .filter(metric -> name == null || metric.name().equals(name))
                .filter(metric -> hasDimensions(metric, input.path("Dimensions")))
                .sorted(Comparator.comparing(MetricId::toString))
                .forEach(
                        metric -> {
                            var entry =
                                    listed.addObject()
                                            .put("Namespace", metric.namespace())
                                            .put("MetricName", metric.name());
                            describe(metric, entry);
                        });
        return answer;
    }

    private static boolean hasDimensions(MetricId metric, JsonNode filters) {
        for (var filter : filters) {
            var value = metric.dimensions().get(filter.path("Name").asString());
            if (value == null
                    || filter.has("Value") && !filter.path("Value").asString().equals(value)) {
                return false;
            }
        }
        return true;
    }

    private static void describe(MetricId metric, ObjectNode into) {
        var dimensions = into.putArray("Dimensions");
        metric.sortedDimensions()
                .forEach(
                        (name, value) ->
                                dimensions.addObject().put("Name", name).put("Value", value));
    }

    private ObjectNode putMetricAlarm(ObjectNode input) {
        for (var member :
                List.of("ThresholdMetricId", "EvaluateLowSampleCountPercentile", "Unit")) {
            if (input.has(member)) {
                throw unsupported(member);
            }
        }
        var watched = input.has("Metrics") ? watchedSum(input) : watchedMetric(input);
        int evaluationPeriods = whole(input, "EvaluationPeriods");
        int datapoints =
                input.has("DatapointsToAlarm")
                        ? whole(input, "DatapointsToAlarm")
                        : evaluationPeriods;
        if (datapoints > evaluationPeriods) {
            throw invalid("DatapointsToAlarm must not be above EvaluationPeriods");
        }
        int period = watched.periodSeconds();
        if ((long) period * evaluationPeriods > Duration.ofDays(1).toSeconds()) {
            throw invalid("EvaluationPeriods times Period must not be above a day");
        }
        var definition =
                new Definition(
                        required(input, "AlarmName"),
                        input.path("AlarmDescription").asString(""),
                        watched.sources(),
                        watched.sum(),
                        period,
                        evaluationPeriods,
                        datapoints,
                        number(input, "Threshold"),
                        oneOf(input, "ComparisonOperator", null, COMPARISONS),
                        oneOf(input, "TreatMissingData", "missing", TREATMENTS),
                        input.path("ActionsEnabled").asString("true").equals("true"),
                        actions(input, "AlarmActions"),
                        actions(input, "OKActions"),
                        actions(input, "InsufficientDataActions"));
        alarms.merge(
                definition.name(),
                new Alarm(
                        definition,
                        new Standing(
                                State.INSUFFICIENT_DATA,
                                "Unchecked: Initial alarm creation",
                                clock.instant())),
                (there, made) -> new Alarm(made.definition(), there.standing()));
        return JSON.createObjectNode();
    }

    private record Watched(List<Source> sources, @Nullable Sum sum, int periodSeconds) {}

    private static Watched watchedMetric(ObjectNode input) {
        var statistic =
                input.has("ExtendedStatistic")
                        ? required(input, "ExtendedStatistic")
                        : required(input, "Statistic");
        Statistics.requireKnown(statistic);
        var metric =
                new MetricId(
                        required(input, "Namespace"),
                        required(input, "MetricName"),
                        dimensions(input));
        return new Watched(List.of(new Source("", metric, statistic)), null, period(input));
    }

    /// Metric math (docs.aws.amazon.com/AmazonCloudWatch/…/API_MetricDataQuery.html), as far as it
    /// is one sum of the metrics that are named beside it.
    private static Watched watchedSum(ObjectNode input) {
        for (var single :
                List.of(
                        "MetricName",
                        "Namespace",
                        "Dimensions",
                        "Period",
                        "Statistic",
                        "ExtendedStatistic")) {
            if (input.has(single)) {
                throw invalid("Metrics and " + single + " must not be given together");
            }
        }
        var sources = new LinkedHashMap<String, Source>();
        Sum sum = null;
        int period = 0;
        for (var query : input.path("Metrics")) {
            var id = required(query, "Id");
            if (!QUERY_ID.matcher(id).matches() || sources.containsKey(id)) {
                throw invalid("Id must begin with a small letter and come once: " + id);
            }
            boolean returned = query.path("ReturnData").asString("true").equals("true");
            if (query.has("Expression")) {
                if (sum != null || !returned) {
                    throw unsupported("more than one Expression, or one that is not returned");
                }
                var expression = required(query, "Expression");
                sum = new Sum(id, expression, query.path("Label").asString(expression));
                continue;
            }
            if (returned) {
                throw unsupported("Metrics without an Expression that adds them up");
            }
            var stat = query.path("MetricStat");
            var named = stat.path("Metric");
            var statistic = required(stat, "Stat");
            Statistics.requireKnown(statistic);
            int own = period(stat);
            if (period != 0 && own != period) {
                throw unsupported("Metrics of different periods");
            }
            period = own;
            sources.put(
                    id,
                    new Source(
                            id,
                            new MetricId(
                                    required(named, "Namespace"),
                                    required(named, "MetricName"),
                                    dimensions(named)),
                            statistic));
        }
        if (sum == null || sources.isEmpty() || sources.containsKey(sum.id())) {
            throw unsupported("Metrics without an Expression that adds them up");
        }
        var added = List.of(sum.expression().strip().split("\\s*\\+\\s*", -1));
        if (added.size() != sources.size() || !Set.copyOf(added).equals(sources.keySet())) {
            throw unsupported("metric math other than the sum of the metrics named beside it");
        }
        return new Watched(List.copyOf(sources.values()), sum, period);
    }

    private ObjectNode describeAlarms(ObjectNode input) {
        var names = strings(input, "AlarmNames");
        var prefix = input.path("AlarmNamePrefix").asString("");
        var state = input.path("StateValue").asString(null);
        var answer = JSON.createObjectNode();
        var listed = answer.putArray("MetricAlarms");
        alarms.values().stream()
                .filter(alarm -> names.isEmpty() || names.contains(alarm.definition().name()))
                .filter(alarm -> alarm.definition().name().startsWith(prefix))
                .filter(alarm -> state == null || alarm.standing().state().name().equals(state))
                .sorted(Comparator.comparing(alarm -> alarm.definition().name()))
                .forEach(alarm -> describe(alarm, listed.addObject()));
        answer.putArray("CompositeAlarms");
        return answer;
    }

    private static void describe(Alarm alarm, ObjectNode into) {
        var definition = alarm.definition();
        into.put("AlarmName", definition.name())
                .put("AlarmArn", arn(definition))
                .put("AlarmDescription", definition.description())
                .put("ActionsEnabled", definition.actionsEnabled())
                .put("StateValue", alarm.standing().state().name())
                .put("StateReason", alarm.standing().reason())
                .put("StateUpdatedTimestamp", alarm.standing().since().toEpochMilli() / 1000.0)
                .put("EvaluationPeriods", definition.evaluationPeriods())
                .put("DatapointsToAlarm", definition.datapointsToAlarm())
                .put("Threshold", definition.threshold())
                .put("ComparisonOperator", definition.comparison())
                .put("TreatMissingData", definition.treatMissingData());
        if (definition.sum() == null) {
            var source = definition.sources().getFirst();
            into.put("Namespace", source.metric().namespace())
                    .put("MetricName", source.metric().name())
                    .put(
                            source.statistic().startsWith("p") ? "ExtendedStatistic" : "Statistic",
                            source.statistic())
                    .put("Period", definition.periodSeconds());
            describe(source.metric(), into);
        } else {
            describe(definition, definition.sum(), into.putArray("Metrics"));
        }
        definition.alarmActions().forEach(into.putArray("AlarmActions")::add);
        definition.okActions().forEach(into.putArray("OKActions")::add);
        definition.insufficientDataActions().forEach(into.putArray("InsufficientDataActions")::add);
    }

    private static void describe(Definition definition, Sum sum, ArrayNode queries) {
        for (var source : definition.sources()) {
            var query = queries.addObject().put("Id", source.id()).put("ReturnData", false);
            var stat =
                    query.putObject("MetricStat")
                            .put("Stat", source.statistic())
                            .put("Period", definition.periodSeconds());
            var metric =
                    stat.putObject("Metric")
                            .put("Namespace", source.metric().namespace())
                            .put("MetricName", source.metric().name());
            describe(source.metric(), metric);
        }
        queries.addObject()
                .put("Id", sum.id())
                .put("Expression", sum.expression())
                .put("Label", sum.label())
                .put("ReturnData", true);
    }

    private ObjectNode setAlarmState(ObjectNode input) {
        var alarm = known(required(input, "AlarmName"));
        var state =
                oneOf(
                        input,
                        "StateValue",
                        null,
                        Set.copyOf(Arrays.stream(State.values()).map(Enum::name).toList()));
        change(alarm, State.valueOf(state), required(input, "StateReason"));
        return JSON.createObjectNode();
    }

    private ObjectNode enableActions(ObjectNode input, boolean enabled) {
        for (var name : alarmNames(input)) {
            alarms.computeIfPresent(
                    name,
                    (_, alarm) ->
                            new Alarm(alarm.definition().withActions(enabled), alarm.standing()));
        }
        return JSON.createObjectNode();
    }

    private void evaluateAlarms() {
        var now = clock.instant();
        for (var alarm : alarms.values()) {
            alarm.definition()
                    .evaluate(metrics, now)
                    .filter(state -> state != alarm.standing().state())
                    .ifPresent(state -> change(alarm, state, reason(alarm.definition(), state)));
        }
    }

    private static String reason(Definition definition, State state) {
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

    private void change(Alarm alarm, State state, String reason) {
        var definition = alarm.definition();
        var before = alarm.standing();
        var after = new Standing(state, reason, clock.instant());
        if (alarms.computeIfPresent(
                        definition.name(), (_, there) -> new Alarm(there.definition(), after))
                == null) {
            return;
        }
        if (before.state() == state) {
            return;
        }
        log.info("alarm {} is {} (was {}): {}", definition.name(), state, before.state(), reason);
        if (definition.actionsEnabled()) {
            for (var topic : definition.actionsFor(state)) {
                notify(topic, definition, before, after);
            }
        }
        var detail = JSON.createObjectNode().put("alarmName", definition.name());
        detail.putObject("state")
                .put("value", state.name())
                .put("reason", reason)
                .put("timestamp", after.since().toString());
        detail.putObject("previousState")
                .put("value", before.state().name())
                .put("reason", before.reason())
                .put("timestamp", before.since().toString());
        buses.get()
                .publishServiceEvent(
                        "aws.cloudwatch",
                        "CloudWatch Alarm State Change",
                        List.of(arn(definition)),
                        detail);
    }

    private void notify(String topic, Definition alarm, Standing before, Standing after) {
        var message =
                JSON.createObjectNode()
                        .put("AlarmName", alarm.name())
                        .put("AlarmDescription", alarm.description())
                        .put("AWSAccountId", Front.ACCOUNT)
                        .put("NewStateValue", after.state().name())
                        .put("NewStateReason", after.reason())
                        .put("StateChangeTime", after.since().toString())
                        .put("OldStateValue", before.state().name())
                        .put("AlarmArn", arn(alarm));
        try {
            topics.get()
                    .as(new Authorizer.Caller.Service("cloudwatch.amazonaws.com", arn(alarm)))
                    .publish(
                            topic,
                            "%s: \"%s\"".formatted(after.state(), alarm.name()),
                            message.toString(),
                            Map.of());
        } catch (AwsError refused) {
            log.warn("alarm {} cannot tell {}: {}", alarm.name(), topic, refused.getMessage());
        }
    }

    private void sampleQueues() {
        queues.sample(
                queue -> {
                    var name = Map.of("QueueName", queue.name());
                    Map.of(
                                    "ApproximateNumberOfMessagesVisible", queue.visible(),
                                    "ApproximateNumberOfMessagesNotVisible", queue.inFlight(),
                                    "ApproximateNumberOfMessagesDelayed", queue.delayed(),
                                    "ApproximateAgeOfOldestMessage", queue.ageSeconds(),
                                    "NumberOfMessagesSent", queue.sent(),
                                    "NumberOfMessagesReceived", queue.received(),
                                    "NumberOfMessagesDeleted", queue.deleted(),
                                    "NumberOfEmptyReceives", queue.emptyReceives())
                            .forEach(
                                    (metric, value) ->
                                            record("AWS/SQS", metric, name, value.doubleValue()));
                });
    }

    private Alarm known(String name) {
        var alarm = alarms.get(name);
        if (alarm == null) {
            throw AwsError.withStatus(404, "ResourceNotFound", "there is no alarm " + name);
        }
        return alarm;
    }

    private static String arn(Definition alarm) {
        return "arn:aws:cloudwatch:us-east-1:" + Front.ACCOUNT + ":alarm:" + alarm.name();
    }

    private List<Long> periods(JsonNode input, int period) {
        long from = instant(input, "StartTime").getEpochSecond();
        long to = instant(input, "EndTime").getEpochSecond();
        if (from >= to) {
            throw invalid("StartTime must be before EndTime");
        }
        from = Math.floorDiv(from, period) * period;
        if ((to - from) / period > MOST_DATAPOINTS) {
            throw invalid("at most " + MOST_DATAPOINTS + " datapoints can be asked for at once");
        }
        var periods = new ArrayList<Long>();
        for (long at = from; at < to; at += period) {
            periods.add(at);
        }
        return periods;
    }

    private static int period(JsonNode input) {
        int period = whole(input, "Period");
        if (period < 60 || period % 60 != 0 || period > 86_400) {
            throw invalid("local-cloud supports periods that are whole minutes, up to a day");
        }
        return period;
    }

    private static Map<String, String> dimensions(JsonNode input) {
        var dimensions = new HashMap<String, String>();
        for (var dimension : input.path("Dimensions")) {
            dimensions.put(required(dimension, "Name"), required(dimension, "Value"));
        }
        if (dimensions.size() > MOST_DIMENSIONS) {
            throw invalid("a metric has at most " + MOST_DIMENSIONS + " dimensions");
        }
        return dimensions;
    }

    private static List<String> actions(JsonNode input, String member) {
        var actions = strings(input, member);
        for (var action : actions) {
            if (!action.startsWith("arn:aws:sns:")) {
                throw unsupported(member + " other than SNS topics");
            }
        }
        return actions;
    }

    private static String required(JsonNode input, String member) {
        var value = input.path(member);
        if (!value.isString()
                || value.stringValue().isEmpty()
                || value.stringValue().length() > 1_024) {
            throw AwsError.client(
                    "MissingParameter",
                    "The parameter " + member + " is required, with 1 to 1024 characters");
        }
        return value.stringValue();
    }

    private static String oneOf(
            JsonNode input, String member, @Nullable String otherwise, Set<String> allowed) {
        var value = input.path(member).asString(otherwise);
        if (value == null || !allowed.contains(value)) {
            throw invalid(member + " must be one of " + allowed.stream().sorted().toList());
        }
        return value;
    }

    /// The alarms a call is about, which it has to name
    /// (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html).
    private static List<String> alarmNames(JsonNode input) {
        var names = strings(input, "AlarmNames");
        if (names.isEmpty()) {
            throw AwsError.client("MissingParameter", "The parameter AlarmNames is required");
        }
        if (names.size() > MOST_ALARM_NAMES) {
            throw invalid("AlarmNames must have at most " + MOST_ALARM_NAMES + " members");
        }
        return names;
    }

    private static List<String> strings(JsonNode input, String member) {
        var strings = new ArrayList<String>();
        for (var item : input.path(member)) {
            strings.add(item.asString());
        }
        return strings;
    }

    private static double[] numbers(JsonNode input, String member) {
        var values = input.path(member);
        var numbers = new double[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = asNumber(values.path(i), member);
        }
        return numbers;
    }

    private static double number(JsonNode input, String member) {
        return asNumber(input.path(member), member);
    }

    private static double asNumber(JsonNode value, String member) {
        try {
            double number =
                    value.isNumber() ? value.doubleValue() : Double.parseDouble(value.asString(""));
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // refused below, like an infinite one
        }
        throw invalid(member + " must be a finite number");
    }

    private static int whole(JsonNode input, String member) {
        double number = number(input, member);
        if (number < 1 || number > Integer.MAX_VALUE || number != Math.rint(number)) {
            throw invalid(member + " must be a whole number of at least 1");
        }
        return (int) number;
    }

    /// Seconds since the epoch in JSON and CBOR, ISO 8601 in the Query protocol.
    private static Instant instant(JsonNode input, String member) {
        var value = input.path(member);
        try {
            return value.isNumber()
                    ? Instant.ofEpochMilli((long) (value.doubleValue() * 1000))
                    : OffsetDateTime.parse(value.asString("")).toInstant();
        } catch (DateTimeException notATime) {
            throw invalid(member + " must be a time");
        }
    }

    private static AwsError unsupported(String what) {
        return invalid("local-cloud does not support " + what);
    }

    private static AwsError invalid(String why) {
        return AwsError.client("InvalidParameterValue", why);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
