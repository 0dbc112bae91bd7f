package dev.orderflow.deploy;

import dev.orderflow.topology.Dashboard;
import dev.orderflow.topology.PagingSpec;
import dev.orderflow.topology.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.budgets.CfnBudget;
import software.amazon.awscdk.services.cloudwatch.CfnDashboard;
import software.constructs.Construct;

/// Alarms, dashboards, the role of operators, and the monthly budget.
///
/// The alarms and dashboards of the topology are the same as in development; [PlatformAlarms] adds
/// those of resources that exist only on AWS.
final class MonitoringStack extends Stack {

    private final Stage stage;
    private final Topology topology;
    private final MessagingStack messaging;

    MonitoringStack(
            Construct app,
            StackProps properties,
            Stage stage,
            Topology topology,
            FoundationStack foundation,
            MessagingStack messaging,
            PlatformResources platform) {
        super(app, "orderflow-monitoring", properties);
        this.stage = stage;
        this.topology = topology;
        this.messaging = messaging;
        createAlarms(
                Stream.concat(
                                topology.allAlarms().stream(),
                                PlatformAlarms.of(stage, platform, topology).stream())
                        .toList());
        topology.dashboards().forEach(this::createDashboard);
        createBudget(stage);
        OperatorIamRole.create(this, stage, topology, foundation, messaging);
    }

    private void createAlarms(List<Topology.AlarmSpec> alarms) {
        var created = new HashMap<String, CfnResource>();
        for (var alarm : alarms) {
            created.put(
                    alarm.name(),
                    AlarmFactory.create(
                            this,
                            alarm,
                            topology.description(alarm),
                            topics(topology.paging().topicOf(alarm)),
                            this::fillPlaceholders));
        }
        for (var composite : topology.paging().compositeAlarms(alarms)) {
            created.put(
                    composite.name(),
                    AlarmFactory.create(
                            this,
                            composite,
                            topics(composite.topic()),
                            this::fillPlaceholders,
                            created));
        }
    }

    private List<String> topics(@Nullable String topic) {
        return topic == null ? List.of() : List.of(messaging.topic(topic).getTopicArn());
    }

    private void createDashboard(Dashboard dashboard) {
        CfnDashboard.Builder.create(this, dashboard.name())
                .dashboardName(dashboard.name())
                .dashboardBody(fillPlaceholders(dashboard.body(topology, getRegion())))
                .build();
    }

    private String fillPlaceholders(String text) {
        return text.replace("${StateMachineArn}", Arns.workflow(this, topology))
                .replace(PagingSpec.CONSOLE_URL, OperatorPool.pagesUrl(stage));
    }

    /// Notifies at 80 % of the monthly budget, and when the forecast exceeds it. A budget belongs
    /// to the account, so it counts resources with the tag `project`, which must be activated as a
    /// cost allocation tag.
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
                        List.of(
                                budgetNotification(stage, "ACTUAL", 80),
                                budgetNotification(stage, "FORECASTED", 100)))
                .build();
    }

    private static CfnBudget.NotificationWithSubscribersProperty budgetNotification(
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
                                        .address(stage.ticketEmail())
                                        .build()))
                .build();
    }
}
