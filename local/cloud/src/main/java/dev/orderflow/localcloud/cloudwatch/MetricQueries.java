package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.cloudwatch.MetricMath.MathValue;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// Metric queries and expressions over them, as in `GetMetricData` and alarms.
///
/// @param all all queries, in request order
record MetricQueries(List<MetricQuery> all) {

    private static final int MOST = 500;
    private static final Pattern ID = Pattern.compile("[a-z][A-Za-z0-9_]{0,254}");

    MetricQueries {
        all = List.copyOf(all);
    }

    /// A metric with a statistic, or an expression.
    ///
    /// @param expression null for a metric
    /// @param metric null for an expression
    /// @param label null for CloudWatch's default label
    record MetricQuery(
            String id,
            @Nullable String expression,
            @Nullable MetricId metric,
            String statistic,
            @Nullable String unit,
            int period,
            @Nullable String label,
            boolean returned) {

        String name() {
            if (label != null) {
                return label;
            }
            return metric == null ? id : metric.name();
        }
    }

    /// The result of a query, with its id and label.
    record MetricQueryResult(String id, String label, NavigableMap<Long, Double> points) {}

    /// @throws AwsErrorException for the first invalid query
    static MetricQueries read(JsonNode queries) {
        if (queries.isEmpty() || queries.size() > MOST) {
            throw CloudWatchParameters.validation(
                    "The collection MetricDataQueries must have 1 to " + MOST + " members.");
        }
        var read = new LinkedHashMap<String, MetricQuery>();
        for (var query : queries) {
            var one = query(query);
            if (read.put(one.id(), one) != null) {
                throw CloudWatchParameters.validation(
                        "The values for parameter id in MetricDataQueries must be unique: "
                                + one.id());
            }
        }
        return new MetricQueries(List.copyOf(read.values()));
    }

    private static MetricQuery query(JsonNode query) {
        var id = CloudWatchParameters.required(query, "Id");
        if (!ID.matcher(id).matches()) {
            throw CloudWatchParameters.validation(
                    "The value %s for parameter MetricDataQueries.member.Id is not valid: it must start with a lowercase letter"
                            .formatted(id));
        }
        var expression = CloudWatchParameters.optional(query, "Expression");
        var label = CloudWatchParameters.optional(query, "Label");
        boolean returned = CloudWatchParameters.flag(query, "ReturnData", true);
        var stat = query.path("MetricStat");
        if (expression == null == !stat.isObject()) {
            throw CloudWatchParameters.validation(
                    "Exactly one of Expression and MetricStat must be given for " + id);
        }
        if (expression != null) {
            if (expression.stripLeading().regionMatches(true, 0, "SELECT", 0, 6)) {
                throw CloudWatchParameters.unsupported("Metrics Insights queries");
            }
            int period = query.hasNonNull("Period") ? CloudWatchParameters.period(query) : 0;
            return new MetricQuery(id, expression, null, "", null, period, label, returned);
        }
        var statistic = CloudWatchParameters.required(stat, "Stat");
        MetricStatistics.requireKnown(statistic);
        return new MetricQuery(
                id,
                null,
                CloudWatchParameters.metric(stat.path("Metric")),
                statistic,
                CloudWatchParameters.unit(stat),
                CloudWatchParameters.period(stat),
                label,
                returned);
    }

    /// Describes the queries by their parsed members.
    void describe(ArrayNode into) {
        for (var query : all) {
            var one = into.addObject().put("Id", query.id());
            if (query.metric() != null) {
                var stat = one.putObject("MetricStat");
                query.metric()
                        .describe(
                                stat.putObject("Metric")
                                        .put("Namespace", query.metric().namespace())
                                        .put("MetricName", query.metric().name()));
                stat.put("Period", query.period()).put("Stat", query.statistic());
                if (query.unit() != null) {
                    stat.put("Unit", query.unit());
                }
            } else {
                one.put("Expression", query.expression());
                if (query.period() > 0) {
                    one.put("Period", query.period());
                }
            }
            if (query.label() != null) {
                one.put("Label", query.label());
            }
            one.put("ReturnData", query.returned());
        }
    }

    /// The longest period of all metrics, used for expressions.
    int period() {
        return all.stream()
                .mapToInt(MetricQuery::period)
                .filter(period -> period > 0)
                .max()
                .orElse(60);
    }

    /// The results of the queries that return data, for a time range, in order.
    List<MetricQueryResult> evaluate(MetricStore store, long fromSecond, long toSecond) {
        int period = period();
        var metrics = new LinkedHashMap<String, MathValue.SeriesValue>();
        var values = new LinkedHashMap<String, MathValue>();
        for (var query : all) {
            if (query.metric() != null) {
                var series =
                        new MathValue.SeriesValue(
                                points(store, query, query.metric(), fromSecond, toSecond));
                metrics.put(query.id(), series);
                values.put(query.id(), series);
            }
        }
        var times = new TreeSet<Long>();
        for (long at = Math.floorDiv(fromSecond, period) * period; at < toSecond; at += period) {
            times.add(at);
        }
        resolve(metrics, values, times, period);
        var results = new ArrayList<MetricQueryResult>();
        for (var query : all) {
            var value = values.get(query.id());
            if (query.returned() && value != null) {
                results.addAll(results(query, value, times));
            }
        }
        return results;
    }

    /// Expressions may refer to later expressions.
    private void resolve(
            Map<String, MathValue.SeriesValue> metrics,
            Map<String, MathValue> values,
            Collection<Long> times,
            int period) {
        var open = new ArrayList<>(all.stream().filter(query -> query.metric() == null).toList());
        while (!open.isEmpty()) {
            int before = open.size();
            @Nullable AwsErrorException refused = null;
            for (var query : List.copyOf(open)) {
                try {
                    values.put(
                            query.id(),
                            MetricMath.evaluate(
                                    String.valueOf(query.expression()),
                                    metrics,
                                    values,
                                    times,
                                    period));
                    open.remove(query);
                } catch (AwsErrorException failure) {
                    refused = failure;
                }
            }
            if (open.size() == before && refused != null) {
                throw refused;
            }
        }
    }

    private static NavigableMap<Long, Double> points(
            MetricStore store, MetricQuery query, MetricId metric, long fromSecond, long toSecond) {
        var points = new TreeMap<Long, Double>();
        int period = query.period();
        long from = Math.floorDiv(fromSecond, (long) period) * period;
        // The last period is complete even if the range ends within it.
        long to = Math.ceilDiv(toSecond, (long) period) * period;
        store.byPeriod(metric, query.unit(), period, from, to)
                .forEach(
                        (start, found) -> {
                            var value = found.isEmpty() ? null : found.value(query.statistic());
                            if (value != null) {
                                points.put(start, value);
                            }
                        });
        return points;
    }

    private static List<MetricQueryResult> results(
            MetricQuery query, MathValue value, Collection<Long> times) {
        return switch (value) {
            case MathValue.SeriesValue(var points) ->
                    List.of(new MetricQueryResult(query.id(), query.name(), points));
            case MathValue.ScalarValue(var number) -> {
                var points = new TreeMap<Long, Double>();
                times.forEach(time -> points.put(time, number));
                yield List.of(new MetricQueryResult(query.id(), query.name(), points));
            }
            case MathValue.SeriesListValue(var series) ->
                    series.stream()
                            .map(
                                    one ->
                                            new MetricQueryResult(
                                                    query.id(), query.name(), one.points()))
                            .toList();
        };
    }
}
