package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.cloudwatch.MetricAlarm.MetricAlarmDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads and validates the definition of a metric alarm from a request of `PutMetricAlarm`.
final class MetricAlarmDefinitionReader {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<String> COMPARISONS =
            Set.of(
                    "GreaterThanThreshold",
                    "GreaterThanOrEqualToThreshold",
                    "LessThanThreshold",
                    "LessThanOrEqualToThreshold");
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

    private MetricAlarmDefinitionReader() {}

    /// @param name the validated name of the alarm
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException if the request is invalid or has
    ///     members that are not supported
    static MetricAlarmDefinition read(ObjectNode input, String name, String region) {
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
        return new MetricAlarmDefinition(
                name,
                queries,
                period,
                evaluationPeriods,
                datapoints,
                CloudWatchParameters.number(input, "Threshold"),
                CloudWatchParameters.oneOf(input, "ComparisonOperator", null, COMPARISONS),
                CloudWatchParameters.oneOf(input, "TreatMissingData", "missing", TREATMENTS),
                CloudWatchParameters.flag(input, "ActionsEnabled", true),
                AlarmActions.read(input, AlarmActions.ALARM),
                AlarmActions.read(input, AlarmActions.OK),
                AlarmActions.read(input, AlarmActions.INSUFFICIENT_DATA),
                toDescription(input, queries, name, region, evaluationPeriods));
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
        AlarmActions.describe(input, name, region, kept);
        for (var text :
                List.of(
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
        return kept;
    }
}
