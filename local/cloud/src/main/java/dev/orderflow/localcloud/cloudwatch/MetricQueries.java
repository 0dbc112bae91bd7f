package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.cloudwatch.MetricMath.Value;
import dev.orderflow.localcloud.wire.AwsError;
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

/// Several metrics and expressions over them, as `GetMetricData` and alarms ask for them.
///
/// @param all in their order
record MetricQueries(List<Query> all) {

    private static final int MOST = 500;
    private static final Pattern ID = Pattern.compile("[a-z][A-Za-z0-9_]{0,254}");

    MetricQueries {
        all = List.copyOf(all);
    }

    /// One of them: a metric with a statistic, or an expression.
    ///
    /// @param expression null for a metric
    /// @param metric null for an expression
    /// @param label null for CloudWatch's own
    record Query(
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

    /// What a query gives, named as the answer names it.
    record Result(String id, String label, NavigableMap<Long, Double> points) {}

    /// @throws AwsError for the first query that CloudWatch refuses
    static MetricQueries read(JsonNode queries) {
        if (queries.isEmpty() || queries.size() > MOST) {
            throw Parameters.validation(
                    "The collection MetricDataQueries must have 1 to " + MOST + " members.");
        }
        var read = new LinkedHashMap<String, Query>();
        for (var query : queries) {
            var one = query(query);
            if (read.put(one.id(), one) != null) {
                throw Parameters.validation(
                        "The values for parameter id in MetricDataQueries must be unique: "
                                + one.id());
            }
        }
        return new MetricQueries(List.copyOf(read.values()));
    }

    private static Query query(JsonNode query) {
        var id = Parameters.required(query, "Id");
        if (!ID.matcher(id).matches()) {
            throw Parameters.validation(
                    "The value %s for parameter MetricDataQueries.member.Id is not valid: it must start with a lowercase letter"
                            .formatted(id));
        }
        var expression = Parameters.optional(query, "Expression");
        var label = Parameters.optional(query, "Label");
        boolean returned = Parameters.flag(query, "ReturnData", true);
        var stat = query.path("MetricStat");
        if (expression == null == !stat.isObject()) {
            throw Parameters.validation(
                    "Exactly one of Expression and MetricStat must be given for " + id);
        }
        if (expression != null) {
            if (expression.stripLeading().regionMatches(true, 0, "SELECT", 0, 6)) {
                throw Parameters.unsupported("Metrics Insights queries");
            }
            int period = query.hasNonNull("Period") ? Parameters.period(query) : 0;
            return new Query(id, expression, null, "", null, period, label, returned);
        }
        var statistic = Parameters.required(stat, "Stat");
        Statistics.requireKnown(statistic);
        return new Query(
                id,
                null,
                Parameters.metric(stat.path("Metric")),
                statistic,
                Parameters.unit(stat),
                Parameters.period(stat),
                label,
                returned);
    }

    /// Lists them as they were read, whatever else a request said of them.
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

    /// The longest period of the metrics, by which expressions over them are computed.
    int period() {
        return all.stream().mapToInt(Query::period).filter(period -> period > 0).max().orElse(60);
    }

    /// What the queries that return data give between two moments, in their order.
    List<Result> evaluate(MetricStore store, long fromSecond, long toSecond) {
        int period = period();
        var metrics = new LinkedHashMap<String, Value.Series>();
        var values = new LinkedHashMap<String, Value>();
        for (var query : all) {
            if (query.metric() != null) {
                var series =
                        new Value.Series(
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
        var results = new ArrayList<Result>();
        for (var query : all) {
            var value = values.get(query.id());
            if (query.returned() && value != null) {
                results.addAll(results(query, value, times));
            }
        }
        return results;
    }

    /// Expressions may name expressions that come later.
    private void resolve(
            Map<String, Value.Series> metrics,
            Map<String, Value> values,
            Collection<Long> times,
            int period) {
        var open = new ArrayList<>(all.stream().filter(query -> query.metric() == null).toList());
        while (!open.isEmpty()) {
            int before = open.size();
            @Nullable AwsError refused = null;
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
                } catch (AwsError unresolved) {
                    refused = unresolved;
                }
            }
            if (open.size() == before && refused != null) {
                throw refused;
            }
        }
    }

    private static NavigableMap<Long, Double> points(
            MetricStore store, Query query, MetricId metric, long fromSecond, long toSecond) {
        var points = new TreeMap<Long, Double>();
        long from = Math.floorDiv(fromSecond, query.period()) * query.period();
        for (long at = from; at < toSecond; at += query.period()) {
            var found = store.between(metric, query.unit(), at, at + query.period());
            var value = found.isEmpty() ? null : found.value(query.statistic());
            if (value != null) {
                points.put(at, value);
            }
        }
        return points;
    }

    private static List<Result> results(Query query, Value value, Collection<Long> times) {
        return switch (value) {
            case Value.Series(var points) -> List.of(new Result(query.id(), query.name(), points));
            case Value.Scalar(var number) -> {
                var points = new TreeMap<Long, Double>();
                times.forEach(time -> points.put(time, number));
                yield List.of(new Result(query.id(), query.name(), points));
            }
            case Value.Many(var series) ->
                    series.stream()
                            .map(one -> new Result(query.id(), query.name(), one.points()))
                            .toList();
        };
    }
}
