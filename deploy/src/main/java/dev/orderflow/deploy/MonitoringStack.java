package dev.orderflow.deploy;

import dev.orderflow.topology.Dashboard;
import dev.orderflow.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.budgets.CfnBudget;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm;
import software.amazon.awscdk.services.cloudwatch.CfnDashboard;
import software.constructs.Construct;

/// What wakes people, what they look at, and the month's budget.
///
/// The topology's alarms and dashboards are the same here as on a laptop; those of
/// [PlatformAlarms] concern what a laptop does not have.
final class MonitoringStack extends Stack {

    private final Topology topology;
    private final String topic;

    MonitoringStack(
            Construct app,
            StackProps here,
            Stage stage,
            Topology topology,
            MessagingStack messaging,
            Platform platform) {
        super(app, "orderflow-monitoring", here);
        this.topology = topology;
        topic = messaging.alarms().getTopicArn();
        Stream.concat(topology.allAlarms().stream(), PlatformAlarms.of(platform, topology).stream())
                .forEach(this::createAlarm);
        topology.dashboards().forEach(this::createDashboard);
        createBudget(stage);
    }

    private void createAlarm(Topology.Alarm alarm) {
        var built =
                CfnAlarm.Builder.create(this, alarm.name())
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
            built.metrics(sumOf(alarm)).build();
            return;
        }
        built.namespace(alarm.namespace())
                .metricName(alarm.metric())
                .dimensions(dimensions(alarm))
                .period(alarm.periodSeconds());
        if (alarm.statistic().matches("p[0-9.]+")) {
            built.extendedStatistic(alarm.statistic());
        } else {
            built.statistic(alarm.statistic());
        }
        built.build();
    }

    /// `m1 + m2`, as the topology's provisioner has it.
    private List<CfnAlarm.MetricDataQueryProperty> sumOf(Topology.Alarm alarm) {
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
                                                            .dimensions(dimensions(alarm))
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
                        .expression("m1 + m2")
                        .label(String.join(" + ", alarm.metrics()))
                        .returnData(true)
                        .build());
        return queries;
    }

    private List<CfnAlarm.DimensionProperty> dimensions(Topology.Alarm alarm) {
        return new TreeMap<>(alarm.dimensions())
                .entrySet().stream()
                        .map(
                                dimension ->
                                        CfnAlarm.DimensionProperty.builder()
                                                .name(dimension.getKey())
                                                .value(filledIn(dimension.getValue()))
                                                .build())
                        .toList();
    }

    private void createDashboard(Dashboard dashboard) {
        CfnDashboard.Builder.create(this, dashboard.name())
                .dashboardName(dashboard.name())
                .dashboardBody(filledIn(dashboard.body(topology, getRegion())))
                .build();
    }

    private String filledIn(String text) {
        return text.replace("${StateMachineArn}", Arns.workflow(this, topology));
    }

    /// Tells at four fifths of the month's budget, and when the forecast is above it. A budget is
    /// the account's, so it counts what carries our tag; AWS knows the tag once somebody has
    /// activated it for billing.
    private void createBudget(Stage stage) {
        CfnBudget.Builder.create(this, "budget")
                .budget(
                        CfnBudget.BudgetDataProperty.builder()
                                .budgetName("orderflow")
                                .budgetType("COST")
                                .timeUnit("MONTHLY")
                                .budgetLimit(
                                        CfnBudget.SpendProperty.builder()
                                                .amount(stage.monthlyBudgetDollars())
                                                .unit("USD")
                                                .build())
                                .costFilters(
                                        Map.of("TagKeyValue", List.of("user:project$orderflow")))
                                .build())
                .notificationsWithSubscribers(
                        List.of(tell(stage, "ACTUAL", 80), tell(stage, "FORECASTED", 100)))
                .build();
    }

    private static CfnBudget.NotificationWithSubscribersProperty tell(
            Stage stage, String type, int percent) {
        return CfnBudget.NotificationWithSubscribersProperty.builder()
                .notification(
                        CfnBudget.NotificationProperty.builder()
                                .notificationType(type)
                                .comparisonOperator("GREATER_THAN")
                                .threshold(percent)
                                .thresholdType("PERCENTAGE")
                                .build())
                .subscribers(
                        List.of(
                                CfnBudget.SubscriberProperty.builder()
                                        .subscriptionType("EMAIL")
                                        .address(stage.alarmEmail())
                                        .build()))
                .build();
    }
}
