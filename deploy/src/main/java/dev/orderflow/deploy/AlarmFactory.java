package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm;
import software.constructs.Construct;

/// Creates CloudWatch alarms from their specification in the topology.
final class AlarmFactory {

    private AlarmFactory() {}

    /// @param topic the ARN of the topic for changes to ALARM and OK
    /// @param fill replaces the placeholders in dimensions
    static CfnAlarm create(
            Construct scope, Topology.AlarmSpec alarm, String topic, UnaryOperator<String> fill) {
        var built =
                CfnAlarm.Builder.create(scope, alarm.name())
                        .alarmName(alarm.name())
                        .alarmDescription(alarm.description())
                        .threshold(alarm.threshold())
                        .comparisonOperator(alarm.comparison())
                        .evaluationPeriods(alarm.evaluationPeriods())
                        .datapointsToAlarm(alarm.datapointsToAlarm())
                        .treatMissingData(alarm.treatMissingData())
                        .alarmActions(List.of(topic))
                        .okActions(List.of(topic));
        if (alarm.plusMetric() != null) {
            return built.metrics(sumOf(alarm, fill)).build();
        }
        built.namespace(alarm.namespace())
                .metricName(alarm.metric())
                .dimensions(dimensions(alarm, fill))
                .period(alarm.periodSeconds());
        if (alarm.statistic().matches("p[0-9.]+")) {
            built.extendedStatistic(alarm.statistic());
        } else {
            built.statistic(alarm.statistic());
        }
        return built.build();
    }

    /// The same queries as in `CloudProvisioner`.
    private static List<CfnAlarm.MetricDataQueryProperty> sumOf(
            Topology.AlarmSpec alarm, UnaryOperator<String> fill) {
        var queries = new ArrayList<CfnAlarm.MetricDataQueryProperty>();
        for (var metric : alarm.metrics()) {
            queries.add(
                    CfnAlarm.MetricDataQueryProperty.builder()
                            .id("m" + (queries.size() + 1))
                            .metricStat(
                                    CfnAlarm.MetricStatProperty.builder()
                                            .metric(
                                                    CfnAlarm.MetricProperty.builder()
                                                            .namespace(alarm.namespace())
                                                            .metricName(metric)
                                                            .dimensions(dimensions(alarm, fill))
                                                            .build())
                                            .stat(alarm.statistic())
                                            .period(alarm.periodSeconds())
                                            .build())
                            .returnData(false)
                            .build());
        }
        queries.add(
                CfnAlarm.MetricDataQueryProperty.builder()
                        .id("sum")
                        .expression(Topology.AlarmSpec.SUM)
                        .label(String.join(" + ", alarm.metrics()))
                        .returnData(true)
                        .build());
        return queries;
    }

    private static List<CfnAlarm.DimensionProperty> dimensions(
            Topology.AlarmSpec alarm, UnaryOperator<String> fill) {
        return new TreeMap<>(alarm.dimensions())
                .entrySet().stream()
                        .map(
                                dimension ->
                                        CfnAlarm.DimensionProperty.builder()
                                                .name(dimension.getKey())
                                                .value(fill.apply(dimension.getValue()))
                                                .build())
                        .toList();
    }
}
