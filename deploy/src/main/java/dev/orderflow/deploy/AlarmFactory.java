package dev.orderflow.deploy;

import dev.orderflow.topology.PagingSpec;
import dev.orderflow.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm;
import software.amazon.awscdk.services.cloudwatch.CfnCompositeAlarm;
import software.constructs.Construct;

/// Creates CloudWatch alarms from their specification in the topology.
final class AlarmFactory {

    private AlarmFactory() {}

    /// @param description with placeholders
    /// @param topics the ARNs of the topics for changes to ALARM and OK
    /// @param fill replaces the placeholders in the description and in dimensions
    static CfnAlarm create(
            Construct scope,
            Topology.AlarmSpec alarm,
            String description,
            List<String> topics,
            UnaryOperator<String> fill) {
        var built =
                CfnAlarm.Builder.create(scope, alarm.name())
                        .alarmName(alarm.name())
                        .alarmDescription(fill.apply(description))
                        .threshold(alarm.threshold())
                        .comparisonOperator(alarm.comparison())
                        .evaluationPeriods(alarm.evaluationPeriods())
                        .datapointsToAlarm(alarm.datapointsToAlarm())
                        .treatMissingData(alarm.treatMissingData())
                        .alarmActions(topics)
                        .okActions(topics);
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

    /// @param topics the ARNs of the topics for changes to ALARM and OK
    /// @param dependencies the alarms that its rule and its suppressor name, by their names
    static CfnCompositeAlarm create(
            Construct scope,
            PagingSpec.CompositeAlarmSpec alarm,
            List<String> topics,
            UnaryOperator<String> fill,
            Map<String, CfnResource> dependencies) {
        var composite =
                CfnCompositeAlarm.Builder.create(scope, alarm.name())
                        .alarmName(alarm.name())
                        .alarmDescription(fill.apply(alarm.description()))
                        .alarmRule(alarm.rule())
                        .alarmActions(topics)
                        .okActions(topics);
        if (alarm.suppressor() != null) {
            composite
                    .actionsSuppressor(alarm.suppressor())
                    .actionsSuppressorWaitPeriod(alarm.waitPeriodSeconds())
                    .actionsSuppressorExtensionPeriod(alarm.extensionPeriodSeconds());
        }
        var built = composite.build();
        // CloudFormation sees no reference in a name.
        dependencies.forEach(
                (name, dependency) -> {
                    if (alarm.rule().contains("\"" + name + "\"")
                            || name.equals(alarm.suppressor())) {
                        built.addDependency(dependency);
                    }
                });
        return built;
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
