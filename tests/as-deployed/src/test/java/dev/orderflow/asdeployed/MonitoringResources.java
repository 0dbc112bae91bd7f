package dev.orderflow.asdeployed;

import dev.orderflow.asdeployed.Deployment.Created;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;

/// Creates alarms and dashboards.
final class MonitoringResources {

    private final CloudClients clients;

    MonitoringResources(CloudClients clients) {
        this.clients = clients;
    }

    Created alarm(Properties in) {
        var name = in.text("AlarmName");
        var dimensions = dimensions(in);
        var metrics = new ArrayList<MetricDataQuery>();
        in.parts("Metrics").forEach(query -> metrics.add(query(query)));
        var actions = in.texts("AlarmActions");
        var okActions = in.texts("OKActions");
        clients.cloudWatch()
                .putMetricAlarm(
                        put -> {
                            put.alarmName(name)
                                    .alarmDescription(in.text("AlarmDescription"))
                                    .threshold(in.get("Threshold").doubleValue())
                                    .comparisonOperator(in.text("ComparisonOperator"))
                                    .evaluationPeriods(in.get("EvaluationPeriods").intValue())
                                    .datapointsToAlarm(in.get("DatapointsToAlarm").intValue())
                                    .treatMissingData(in.text("TreatMissingData"))
                                    .alarmActions(actions)
                                    .okActions(okActions);
                            if (metrics.isEmpty()) {
                                put.namespace(in.text("Namespace"))
                                        .metricName(in.text("MetricName"))
                                        .dimensions(dimensions)
                                        .period(in.get("Period").intValue());
                                in.optional("Statistic").ifPresent(put::statistic);
                                in.optional("ExtendedStatistic").ifPresent(put::extendedStatistic);
                            } else {
                                put.metrics(metrics);
                            }
                        });
        return Created.withArn(name, clients.arn("cloudwatch", "alarm:" + name));
    }

    Created compositeAlarm(Properties in) {
        var name = in.text("AlarmName");
        var actions = in.texts("AlarmActions");
        var okActions = in.texts("OKActions");
        clients.cloudWatch()
                .putCompositeAlarm(
                        put -> {
                            put.alarmName(name)
                                    .alarmDescription(in.text("AlarmDescription"))
                                    .alarmRule(in.text("AlarmRule"))
                                    .alarmActions(actions)
                                    .okActions(okActions);
                            in.optional("ActionsSuppressor").ifPresent(put::actionsSuppressor);
                            in.optional("ActionsSuppressorWaitPeriod")
                                    .map(Integer::valueOf)
                                    .ifPresent(put::actionsSuppressorWaitPeriod);
                            in.optional("ActionsSuppressorExtensionPeriod")
                                    .map(Integer::valueOf)
                                    .ifPresent(put::actionsSuppressorExtensionPeriod);
                        });
        return Created.withArn(name, clients.arn("cloudwatch", "alarm:" + name));
    }

    private static List<Dimension> dimensions(Properties in) {
        var dimensions = new ArrayList<Dimension>();
        for (var dimension : in.parts("Dimensions")) {
            dimensions.add(
                    Dimension.builder()
                            .name(dimension.text("Name"))
                            .value(dimension.text("Value"))
                            .build());
            dimension.requireAllRead();
        }
        return dimensions;
    }

    private static MetricDataQuery query(Properties in) {
        var query =
                MetricDataQuery.builder()
                        .id(in.text("Id"))
                        .returnData(in.get("ReturnData").asBoolean(true));
        in.optional("Expression").ifPresent(query::expression);
        in.optional("Label").ifPresent(query::label);
        if (in.get("MetricStat").isObject()) {
            var of = in.part("MetricStat");
            var metric = of.part("Metric");
            query.metricStat(
                    stat ->
                            stat.metric(
                                            it ->
                                                    it.namespace(metric.text("Namespace"))
                                                            .metricName(metric.text("MetricName"))
                                                            .dimensions(dimensions(metric)))
                                    .period(of.get("Period").intValue())
                                    .stat(of.text("Stat")));
            metric.requireAllRead();
            of.requireAllRead();
        }
        in.optional("Period").map(Integer::valueOf).ifPresent(query::period);
        in.requireAllRead();
        return query.build();
    }

    Created dashboard(Properties in) {
        var name = in.text("DashboardName");
        var body = in.text("DashboardBody");
        clients.cloudWatch().putDashboard(put -> put.dashboardName(name).dashboardBody(body));
        return Created.named(name);
    }
}
