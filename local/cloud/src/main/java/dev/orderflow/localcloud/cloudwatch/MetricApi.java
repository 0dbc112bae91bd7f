package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.time.CloudClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The operations on metrics.
final class MetricApi {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration OLDEST_SAMPLE = Duration.ofDays(14);
    private static final Duration NEWEST_SAMPLE = Duration.ofHours(2);

    /// The only period of `RecentlyActive`.
    private static final Duration RECENTLY = Duration.ofHours(3);

    private static final int MOST_SAMPLES = 1_000;
    private static final int MOST_VALUES = 150;
    private static final int MOST_STATISTICS_POINTS = 1_440;
    private static final int MOST_DATAPOINTS = 100_800;
    private static final int PAGE = 500;
    private static final int MINUTE = 60;

    private final CloudClock clock;
    private final MetricStore metrics;

    MetricApi(CloudClock clock, MetricStore metrics) {
        this.clock = clock;
        this.metrics = metrics;
    }

    ObjectNode put(ObjectNode input) {
        var namespace = CloudWatchParameters.namespace(input);
        if (namespace.startsWith("AWS/")) {
            throw CloudWatchParameters.invalid(
                    "The value AWS/ for parameter Namespace is invalid. It must not begin with AWS/.");
        }
        var data = input.path("MetricData");
        if (data.isEmpty()) {
            throw CloudWatchParameters.missing("MetricData");
        }
        if (data.size() > MOST_SAMPLES) {
            throw CloudWatchParameters.invalid(
                    "The collection MetricData must not have a size greater than "
                            + MOST_SAMPLES
                            + ".");
        }
        // All samples are parsed before the first is stored, so a rejected call changes nothing.
        var samples = new ArrayList<Runnable>();
        for (var datum : data) {
            samples.add(sample(namespace, datum));
        }
        samples.forEach(Runnable::run);
        return JSON.createObjectNode();
    }

    private Runnable sample(String namespace, JsonNode datum) {
        var metric =
                new MetricId(
                        namespace,
                        CloudWatchParameters.metricName(datum),
                        CloudWatchParameters.dimensions(datum));
        var given = CloudWatchParameters.unit(datum);
        var unit = given == null ? MetricStore.NO_UNIT : given;
        int resolution =
                datum.hasNonNull("StorageResolution")
                        ? CloudWatchParameters.whole(datum, "StorageResolution")
                        : MINUTE;
        if (resolution != 1 && resolution != MINUTE) {
            throw CloudWatchParameters.invalid(
                    "The parameter StorageResolution must be 1 or 60 but was %d."
                            .formatted(resolution));
        }
        boolean bySecond = resolution == 1;
        // Clients use the wall clock, not cloud time.
        var now = clock.wallInstant();
        var then =
                datum.hasNonNull("Timestamp")
                        ? CloudWatchParameters.instant(datum, "Timestamp")
                        : now;
        if (then.isBefore(now.minus(OLDEST_SAMPLE)) || then.isAfter(now.plus(NEWEST_SAMPLE))) {
            throw CloudWatchParameters.invalid(
                    "The parameter MetricData.member.Timestamp must specify a time within the past two weeks and no more than two hours in the future.");
        }
        // The age is not accelerated: a call that takes half a second would put its samples into
        // a minute whose alarms were already evaluated.
        var at = clock.instant().minus(Duration.between(then, now));
        if (datum.hasNonNull("StatisticValues")) {
            if (datum.hasNonNull("Value") || datum.hasNonNull("Values")) {
                throw CloudWatchParameters.invalid(
                        "The parameters MetricData.member.Value and MetricData.member.StatisticValues are mutually exclusive and you have specified both.");
            }
            var set = datum.get("StatisticValues");
            double count = CloudWatchParameters.number(set, "SampleCount");
            double sum = CloudWatchParameters.number(set, "Sum");
            double minimum = CloudWatchParameters.number(set, "Minimum");
            double maximum = CloudWatchParameters.number(set, "Maximum");
            if (minimum > maximum) {
                throw CloudWatchParameters.invalid(
                        "The value for parameter StatisticValues.Minimum must not be greater than Maximum.");
            }
            if (count < 0) {
                throw CloudWatchParameters.invalid(
                        "The value for parameter StatisticValues.SampleCount must not be negative.");
            }
            return () ->
                    metrics.add(
                            metric,
                            unit,
                            at,
                            bySecond,
                            there -> there.add(count, sum, minimum, maximum));
        }
        if (datum.hasNonNull("Values")) {
            if (datum.hasNonNull("Value")) {
                throw CloudWatchParameters.invalid(
                        "The parameters MetricData.member.Value and MetricData.member.Values are mutually exclusive and you have specified both.");
            }
            var values = CloudWatchParameters.numbers(datum, "Values");
            if (values.length > MOST_VALUES) {
                throw CloudWatchParameters.invalid(
                        "The collection MetricData.member.Values must not have a size greater than 150.");
            }
            var counts =
                    datum.hasNonNull("Counts")
                            ? CloudWatchParameters.numbers(datum, "Counts")
                            : null;
            if (counts != null && counts.length != values.length) {
                throw CloudWatchParameters.invalid(
                        "The parameters MetricData.member.Values and MetricData.member.Counts must be of the same size.");
            }
            if (counts != null && Arrays.stream(counts).anyMatch(count -> count < 0)) {
                throw CloudWatchParameters.invalid(
                        "The parameters MetricData.member.Counts must not be negative.");
            }
            return () ->
                    metrics.add(
                            metric,
                            unit,
                            at,
                            bySecond,
                            there -> {
                                for (int i = 0; i < values.length; i++) {
                                    there.add(values[i], counts == null ? 1 : counts[i]);
                                }
                            });
        }
        double value = CloudWatchParameters.number(datum, "Value");
        return () -> metrics.add(metric, unit, at, bySecond, there -> there.add(value, 1));
    }

    ObjectNode statistics(ObjectNode input) {
        var metric = CloudWatchParameters.metric(input);
        CloudWatchParameters.requireNotBoth(input, "Statistics", "ExtendedStatistics");
        var statistics = new ArrayList<>(CloudWatchParameters.strings(input, "Statistics"));
        statistics.forEach(MetricStatistics::requirePlain);
        var extended = CloudWatchParameters.strings(input, "ExtendedStatistics");
        extended.forEach(MetricStatistics::requireExtended);
        statistics.addAll(extended);
        if (statistics.isEmpty()) {
            throw CloudWatchParameters.missing("Statistics");
        }
        int period = CloudWatchParameters.period(input);
        var requestedUnit = CloudWatchParameters.unit(input);
        long from = CloudWatchParameters.instant(input, "StartTime").getEpochSecond();
        long to = CloudWatchParameters.instant(input, "EndTime").getEpochSecond();
        if (from >= to) {
            throw CloudWatchParameters.invalid(
                    "The parameter StartTime must be less than the parameter EndTime.");
        }
        from = Math.floorDiv(from, period) * period;
        if ((to - from) / period > MOST_STATISTICS_POINTS) {
            throw CloudWatchParameters.invalid(
                    "You have requested up to %d datapoints, which exceeds the limit of %d. You may reduce the datapoints requested by increasing Period, or decreasing the time range."
                            .formatted((to - from) / period, MOST_STATISTICS_POINTS));
        }
        var answer = JSON.createObjectNode().put("Label", metric.name());
        var datapoints = answer.putArray("Datapoints");
        var units = requestedUnit == null ? metrics.units(metric) : List.of(requestedUnit);
        to = Math.ceilDiv(to, (long) period) * period;
        for (var unit : units) {
            metrics.byPeriod(metric, unit, period, from, to)
                    .forEach(
                            (at, found) ->
                                    describe(
                                                    found,
                                                    statistics,
                                                    extended,
                                                    datapoints.addObject(),
                                                    at)
                                            .put("Unit", unit));
        }
        return answer;
    }

    private static ObjectNode describe(
            MetricStatistics found,
            List<String> statistics,
            List<String> extended,
            ObjectNode datapoint,
            long at) {
        datapoint.put("Timestamp", (double) at);
        for (var statistic : statistics) {
            var value = found.value(statistic);
            if (value != null) {
                (extended.contains(statistic)
                                ? datapoint.withObject("/ExtendedStatistics")
                                : datapoint)
                        .put(statistic, value);
            }
        }
        return datapoint;
    }

    /// Pages are limited by datapoints: a series that does not fit continues on the next page.
    ObjectNode data(ObjectNode input) {
        if (input.path("MetricDataQueries").isEmpty()) {
            throw CloudWatchParameters.missing("MetricDataQueries");
        }
        var queries = MetricQueries.read(input.path("MetricDataQueries"));
        long from = CloudWatchParameters.instant(input, "StartTime").getEpochSecond();
        long to = CloudWatchParameters.instant(input, "EndTime").getEpochSecond();
        if (from >= to) {
            throw CloudWatchParameters.validation(
                    "The parameter StartTime must be less than the parameter EndTime.");
        }
        if ((to - from) / queries.period() > MOST_DATAPOINTS) {
            throw CloudWatchParameters.validation(
                    "a request can return at most %d datapoints".formatted(MOST_DATAPOINTS));
        }
        boolean ascending = CloudWatchParameters.isAscending(input);
        int skip = CloudWatchPaging.position("data", input);
        int left =
                CloudWatchParameters.most(input, "MaxDatapoints", MOST_DATAPOINTS, MOST_DATAPOINTS);
        int position = skip;
        var answer = JSON.createObjectNode();
        var results = answer.putArray("MetricDataResults");
        boolean more = false;
        for (var result : queries.evaluate(metrics, from, to)) {
            var points = ascending ? result.points() : result.points().descendingMap();
            int begin = Math.min(skip, points.size());
            skip -= begin;
            int taken = Math.min(points.size() - begin, left);
            boolean cut = taken < points.size() - begin;
            more |= cut;
            left -= taken;
            position += taken;
            if (taken == 0 && (begin > 0 || cut)) {
                continue;
            }
            var one = results.addObject().put("Id", result.id()).put("Label", result.label());
            var timestamps = one.putArray("Timestamps");
            var values = one.putArray("Values");
            points.entrySet().stream()
                    .skip(begin)
                    .limit(taken)
                    .forEach(
                            point -> {
                                timestamps.add((double) point.getKey());
                                values.add(point.getValue());
                            });
            one.put("StatusCode", cut ? "PartialData" : "Complete");
        }
        if (more) {
            answer.put("NextToken", CloudWatchPaging.token("data", position));
        }
        answer.putArray("Messages");
        return answer;
    }

    ObjectNode list(ObjectNode input) {
        var namespace = CloudWatchParameters.optional(input, "Namespace");
        var name = CloudWatchParameters.optional(input, "MetricName");
        var activity = CloudWatchParameters.optional(input, "RecentlyActive");
        if (activity != null && !activity.equals("PT3H")) {
            throw CloudWatchParameters.validation(
                    "1 validation error detected: Value '%s' at 'recentlyActive' failed to satisfy constraint: Member must satisfy enum value set: [PT3H]"
                            .formatted(activity));
        }
        var activeSince = clock.instant().minus(RECENTLY);
        var found =
                metrics.known().stream()
                        .filter(
                                metric ->
                                        activity == null
                                                || metrics.isActiveSince(metric, activeSince))
                        .filter(metric -> namespace == null || metric.namespace().equals(namespace))
                        .filter(metric -> name == null || metric.name().equals(name))
                        .filter(metric -> hasDimensions(metric, input.path("Dimensions")))
                        .sorted(Comparator.comparing(MetricId::toString))
                        .toList();
        var answer = JSON.createObjectNode();
        var listed = answer.putArray("Metrics");
        for (var metric :
                CloudWatchPaging.of("metrics", found, input, "MaxResults", PAGE, PAGE, answer)) {
            metric.describe(
                    listed.addObject()
                            .put("Namespace", metric.namespace())
                            .put("MetricName", metric.name()));
        }
        return answer;
    }

    private static boolean hasDimensions(MetricId metric, JsonNode filters) {
        for (var filter : filters) {
            var value = metric.dimensions().get(filter.path("Name").asString(""));
            if (value == null
                    || filter.hasNonNull("Value")
                            && !filter.path("Value").asString("").equals(value)) {
                return false;
            }
        }
        return true;
    }
}
