package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import dev.orderflow.topology.Topology.AlarmSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Alarms on what only AWS has: containers, database, load balancers, deliveries.
///
/// Thresholds are those AWS recommends (CloudWatch's user guide, "Best practice alarm
/// recommendations for AWS services"), except where the topology's own alarms already tell.
final class PlatformAlarms {

    private static final int MINUTE = 60;
    private static final double GIGABYTE = 1024.0 * 1024 * 1024;

    private static final String ABOVE = "GreaterThanThreshold";
    private static final String BELOW = "LessThanThreshold";

    private final List<AlarmSpec> alarms = new ArrayList<>();

    private PlatformAlarms() {}

    static List<AlarmSpec> of(Stage stage, PlatformResources platform, Topology topology) {
        var all = new PlatformAlarms();
        platform.services().forEach(service -> all.service(platform.cluster(), service));
        platform.services().forEach(all::addMissingMetersAlarm);
        all.database(platform);
        all.loadBalancer("public-api", platform.publicLoadBalancer(), "public-api.md");
        all.loadBalancer("internal-api", platform.internalLoadBalancer(), "internal-api.md");
        new TreeMap<>(platform.targetGroups()).forEach(all::targetGroup);
        topology.rules().forEach(all::rule);
        all.bus();
        topology.topics().forEach(all::topic);
        platform.functions().forEach(all::function);
        all.orders(stage);
        all.mail();
        return List.copyOf(all.alarms);
    }

    private void service(String cluster, String service) {
        var dimensions = Map.of("ClusterName", cluster, "ServiceName", service);
        add(
                service + "-cpu",
                "AWS/ECS",
                "CPUUtilization",
                dimensions,
                "Average",
                new AlarmThreshold(ABOVE, 80, 5, 5, "notBreaching"),
                service
                        + ": its containers have used more than 80 % of their processor for 5 minutes",
                "service-load.md");
        add(
                service + "-memory",
                "AWS/ECS",
                "MemoryUtilization",
                dimensions,
                "Average",
                new AlarmThreshold(ABOVE, 80, 5, 5, "notBreaching"),
                service + ": its containers have used more than 80 % of their memory for 5 minutes",
                "service-load.md");
    }

    /// The other alarms on our own meters are `OK` while there are no data: what does not run has
    /// no failures. This one is there for the service, or its way to CloudWatch, that says nothing
    /// more.
    private void addMissingMetersAlarm(String service) {
        add(
                service + "-silent",
                ServiceEnvironment.METRICS_NAMESPACE,
                "process.cpu.usage.value",
                Map.of("service", service),
                "SampleCount",
                new AlarmThreshold(BELOW, 1, 5, 5, "breaching"),
                service
                        + ": no meter has arrived for 5 minutes, so no other alarm on its meters can"
                        + " go off",
                "service-down.md");
    }

    /// Whatever the reason: the customers' way in, their tokens, a price list that is empty.
    private void orders(Stage stage) {
        alarms.add(
                new AlarmSpec(
                        "no-orders-accepted",
                        ServiceEnvironment.METRICS_NAMESPACE,
                        "orders.accepted.count",
                        Map.of("service", DeployedService.ORDER.label()),
                        "Sum",
                        60 * MINUTE,
                        1,
                        BELOW,
                        stage.hoursWithoutOrders(),
                        stage.hoursWithoutOrders(),
                        "breaching",
                        "no order was accepted for %d hours, longer than the shop is ever quiet"
                                .formatted(stage.hoursWithoutOrders()),
                        "public-api.md"));
    }

    /// The rates above which SES looks into an account, and may stop it from sending.
    private void mail() {
        mail("bounces", "Reputation.BounceRate", 0.05, "more than 5 % of our mails bounce");
        mail(
                "complaints",
                "Reputation.ComplaintRate",
                0.001,
                "more than one of our mails in a thousand is called spam by its recipient");
    }

    private void mail(String suffix, String metric, double threshold, String meaning) {
        add(
                "mail-" + suffix,
                "AWS/SES",
                metric,
                Map.of("ses:configuration-set", MailConfiguration.CONFIGURATION_SET),
                "Maximum",
                new AlarmThreshold(ABOVE, threshold, 60, 1, "notBreaching"),
                meaning,
                "notifications.md");
    }

    /// On which ECS takes a deployment back. It looks sooner than the alarm that wakes people,
    /// since going back costs nothing.
    ///
    /// @param group by whose name the alarm is called
    static AlarmSpec deploymentAlarm(String group, PlatformResources.TargetGroupNames targets) {
        return new AlarmSpec(
                deploymentAlarmName(group),
                "AWS/ApplicationELB",
                "HTTPCode_Target_5XX_Count",
                Map.of("TargetGroup", targets.name(), "LoadBalancer", targets.loadBalancer()),
                "Sum",
                MINUTE,
                5,
                ABOVE,
                2,
                2,
                "notBreaching",
                group
                        + ": more than 5 requests a minute ended in an error of ours for 2 minutes; a"
                        + " deployment under way is taken back",
                "service-errors.md");
    }

    /// The name of the alarm on which a deployment is taken back.
    static String deploymentAlarmName(String group) {
        return group + "-release";
    }

    private void database(PlatformResources platform) {
        var dimensions = Map.of("DBInstanceIdentifier", platform.database());
        database(
                "cpu",
                "CPUUtilization",
                dimensions,
                "Average",
                new AlarmThreshold(ABOVE, 90, 5, 5, "breaching"),
                "the database has used more than 90 % of its processor for 5 minutes");
        database(
                "connections",
                "DatabaseConnections",
                dimensions,
                "Maximum",
                new AlarmThreshold(ABOVE, platform.connections() * 0.9, 5, 5, "notBreaching"),
                "more than 90 % of the connections the database allows are taken");
        database(
                "storage",
                "FreeStorageSpace",
                dimensions,
                "Minimum",
                new AlarmThreshold(
                        BELOW, platform.storageGigabytes() * GIGABYTE / 10, 5, 5, "notBreaching"),
                "less than 10 % of the database's storage is free");
        database(
                "memory",
                "FreeableMemory",
                dimensions,
                "Minimum",
                new AlarmThreshold(BELOW, GIGABYTE / 4, 15, 15, "notBreaching"),
                "the database has had less than 256 MB of memory left for 15 minutes");
        database(
                "write-latency",
                "WriteLatency",
                dimensions,
                "p90",
                new AlarmThreshold(ABOVE, 0.02, 15, 15, "notBreaching"),
                "a write to the database's storage has taken more than 20 ms for 15 minutes");
        database(
                "transaction-ids",
                "MaximumUsedTransactionIDs",
                dimensions,
                "Maximum",
                new AlarmThreshold(ABOVE, 1_000_000_000, 1, 1, "notBreaching"),
                "vacuum does not keep up, and at two thousand million transactions the database stops");
    }

    private void database(
            String suffix,
            String metric,
            Map<String, String> dimensions,
            String statistic,
            AlarmThreshold breach,
            String meaning) {
        add(
                "database-" + suffix,
                "AWS/RDS",
                metric,
                dimensions,
                statistic,
                breach,
                meaning,
                "database.md");
    }

    private void loadBalancer(String name, String loadBalancer, String runbook) {
        var dimensions = Map.of("LoadBalancer", loadBalancer);
        add(
                name + "-errors",
                "AWS/ApplicationELB",
                "HTTPCode_ELB_5XX_Count",
                dimensions,
                "Sum",
                new AlarmThreshold(ABOVE, 10, 5, 3, "notBreaching"),
                "the load balancer itself answered with 5xx, because nobody behind it did",
                runbook);
    }

    private void targetGroup(String service, PlatformResources.TargetGroupNames group) {
        var dimensions = Map.of("TargetGroup", group.name(), "LoadBalancer", group.loadBalancer());
        add(
                service + "-down",
                "AWS/ApplicationELB",
                "HealthyHostCount",
                dimensions,
                "Minimum",
                new AlarmThreshold(BELOW, 1, 5, 5, "breaching"),
                service + ": no container has been healthy for 5 minutes",
                "service-down.md");
        add(
                service + "-unhealthy",
                "AWS/ApplicationELB",
                "UnHealthyHostCount",
                dimensions,
                "Maximum",
                new AlarmThreshold(ABOVE, 0, 10, 10, "notBreaching"),
                service + ": a container has not been healthy for 10 minutes",
                "service-down.md");
        add(
                service + "-answers-5xx",
                "AWS/ApplicationELB",
                "HTTPCode_Target_5XX_Count",
                dimensions,
                "Sum",
                new AlarmThreshold(ABOVE, 10, 5, 3, "notBreaching"),
                service + ": more than 10 requests a minute ended in an error of ours",
                "service-errors.md");
        add(
                service + "-slow",
                "AWS/ApplicationELB",
                "TargetResponseTime",
                dimensions,
                "p99",
                new AlarmThreshold(ABOVE, 2, 10, 10, "notBreaching"),
                service + ": one request in a hundred has taken more than 2 s for 10 minutes",
                "service-errors.md");
    }

    private void rule(Topology.RuleSpec rule) {
        var dimensions =
                rule.bus().equals(Topology.DEFAULT_BUS)
                        ? Map.of("RuleName", rule.name())
                        : Map.of("EventBusName", rule.bus(), "RuleName", rule.name());
        add(
                rule.name() + "-failed",
                "AWS/Events",
                "FailedInvocations",
                dimensions,
                "Sum",
                new AlarmThreshold(ABOVE, 0, 1, 1, "notBreaching"),
                rule.name() + ": deliveries failed for good",
                "undelivered-events.md");
    }

    /// EventBridge counts these for the account, not for a bus.
    private void bus() {
        add(
                "events-not-accepted",
                "AWS/Events",
                "PutEventsFailedEntriesCount",
                Map.of(),
                "Sum",
                new AlarmThreshold(ABOVE, 0, 5, 3, "notBreaching"),
                "the bus refuses events; the outbox keeps and repeats them",
                "outbox.md");
        add(
                "events-throttled",
                "AWS/Events",
                "PutEventsApproximateThrottledCount",
                Map.of(),
                "Sum",
                new AlarmThreshold(ABOVE, 0, 5, 3, "notBreaching"),
                "EventBridge slows publishing down; the outbox keeps and repeats the events",
                "outbox.md");
    }

    private void topic(Topology.TopicSpec topic) {
        add(
                topic.name() + "-not-delivered",
                "AWS/SNS",
                "NumberOfNotificationsFailed",
                Map.of("TopicName", topic.name()),
                "Sum",
                new AlarmThreshold(ABOVE, 0, 5, 1, "notBreaching"),
                topic.name() + ": a subscriber did not get a message",
                "subscribers.md");
    }

    private void function(String function) {
        var dimensions = Map.of("FunctionName", function);
        add(
                function + "-errors",
                "AWS/Lambda",
                "Errors",
                dimensions,
                "Sum",
                new AlarmThreshold(ABOVE, 0, 5, 3, "notBreaching"),
                function + ": whole batches fail",
                "functions.md");
        add(
                function + "-throttled",
                "AWS/Lambda",
                "Throttles",
                dimensions,
                "Sum",
                new AlarmThreshold(ABOVE, 0, 5, 5, "notBreaching"),
                function + ": the account's concurrency is used up",
                "functions.md");
    }

    /// @param comparison as CloudWatch names it
    /// @param threshold in the metric's unit
    /// @param of how many minutes are looked at
    /// @param minutes how many of them must breach
    /// @param missing what a minute without data is taken for
    private record AlarmThreshold(
            String comparison, double threshold, int of, int minutes, String missing) {}

    private void add(
            String name,
            String namespace,
            String metric,
            Map<String, String> dimensions,
            String statistic,
            AlarmThreshold breach,
            String meaning,
            String runbook) {
        alarms.add(
                new AlarmSpec(
                        name,
                        namespace,
                        metric,
                        dimensions,
                        statistic,
                        MINUTE,
                        breach.threshold(),
                        breach.comparison(),
                        breach.of(),
                        breach.minutes(),
                        breach.missing(),
                        meaning,
                        runbook));
    }
}
