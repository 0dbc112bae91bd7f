package dev.orderflow.deploy;

import dev.orderflow.topology.AlarmSeverity;
import dev.orderflow.topology.PagingSpec;
import dev.orderflow.topology.Topology;
import dev.orderflow.topology.Topology.AlarmSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Alarms of resources that exist only on AWS: containers, database, load balancers, deliveries.
///
/// The thresholds are those that AWS recommends (CloudWatch user guide, "Best practice alarm
/// recommendations for AWS services"), except where alarms of the topology cover the failure.
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
        topology.topics().forEach(topic -> all.topic(topic, topology.paging()));
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
                AlarmSeverity.TICKET,
                service + ": CPU usage has been above 80 % for 5 minutes",
                "service-load.md");
        add(
                service + "-memory",
                "AWS/ECS",
                "MemoryUtilization",
                dimensions,
                "Average",
                new AlarmThreshold(ABOVE, 80, 5, 5, "notBreaching"),
                AlarmSeverity.TICKET,
                service + ": memory usage has been above 80 % for 5 minutes",
                "service-load.md");
    }

    /// Alarms on meters of the services are `OK` without data. This alarm detects that a service
    /// publishes no meters.
    private void addMissingMetersAlarm(String service) {
        add(
                service + "-no-meters",
                Topology.METRICS_NAMESPACE,
                "process.cpu.usage.value",
                Map.of("service", service),
                "SampleCount",
                new AlarmThreshold(BELOW, 1, 5, 5, "breaching"),
                AlarmSeverity.PAGE,
                service
                        + ": no meters have been published for 5 minutes, so its other alarms cannot"
                        + " detect failures",
                "service-down.md");
    }

    /// Detects any reason why no orders arrive, such as the public endpoint, the token issuer or an
    /// empty catalogue.
    private void orders(Stage stage) {
        alarms.add(
                new AlarmSpec(
                        "no-orders-accepted",
                        Topology.METRICS_NAMESPACE,
                        "orders.accepted.count",
                        Map.of("service", DeployedService.ORDER.label()),
                        "Sum",
                        60 * MINUTE,
                        1,
                        BELOW,
                        stage.hoursWithoutOrders(),
                        stage.hoursWithoutOrders(),
                        "breaching",
                        AlarmSeverity.PAGE,
                        "no order has been accepted for %d hours"
                                .formatted(stage.hoursWithoutOrders()),
                        "public-api.md"));
    }

    /// The rates above which SES reviews an account and may stop it from sending.
    private void mail() {
        mail("bounces", "Reputation.BounceRate", 0.05, "more than 5 % of the e-mails bounce");
        mail(
                "complaints",
                "Reputation.ComplaintRate",
                0.001,
                "more than 0.1 % of the e-mails cause complaints");
    }

    private void mail(String suffix, String metric, double threshold, String meaning) {
        add(
                "mail-" + suffix,
                "AWS/SES",
                metric,
                Map.of("ses:configuration-set", MailConfiguration.CONFIGURATION_SET),
                "Maximum",
                new AlarmThreshold(ABOVE, threshold, 60, 1, "notBreaching"),
                AlarmSeverity.TICKET,
                meaning,
                "notifications.md");
    }

    /// The alarm on which ECS rolls a deployment back. It is more sensitive than the alarm for
    /// operators, because a rollback is cheap.
    ///
    /// @param group the prefix of the name of the alarm
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
                AlarmSeverity.TICKET,
                group
                        + ": more than 5 requests a minute have failed with 5xx for 2 minutes; a running"
                        + " deployment is rolled back",
                "service-errors.md");
    }

    /// The name of the alarm on which a deployment is rolled back.
    static String deploymentAlarmName(String group) {
        return group + "-release-errors";
    }

    private void database(PlatformResources platform) {
        var dimensions = Map.of("DBInstanceIdentifier", platform.database());
        database(
                "cpu",
                "CPUUtilization",
                dimensions,
                "Average",
                new AlarmThreshold(ABOVE, 90, 5, 5, "breaching"),
                AlarmSeverity.PAGE,
                "CPU usage of the database has been above 90 % for 5 minutes");
        database(
                "connections",
                "DatabaseConnections",
                dimensions,
                "Maximum",
                new AlarmThreshold(ABOVE, platform.connections() * 0.9, 5, 5, "notBreaching"),
                AlarmSeverity.PAGE,
                "more than 90 % of the database connections are in use");
        database(
                "storage",
                "FreeStorageSpace",
                dimensions,
                "Minimum",
                new AlarmThreshold(
                        BELOW, platform.storageGigabytes() * GIGABYTE / 10, 5, 5, "notBreaching"),
                AlarmSeverity.PAGE,
                "less than 10 % of the database's storage is free");
        database(
                "memory",
                "FreeableMemory",
                dimensions,
                "Minimum",
                new AlarmThreshold(BELOW, GIGABYTE / 4, 15, 15, "notBreaching"),
                AlarmSeverity.TICKET,
                "free memory of the database has been below 256 MB for 15 minutes");
        database(
                "write-latency",
                "WriteLatency",
                dimensions,
                "p90",
                new AlarmThreshold(ABOVE, 0.02, 15, 15, "notBreaching"),
                AlarmSeverity.TICKET,
                "write latency of the database has been above 20 ms for 15 minutes");
        database(
                "transaction-ids",
                "MaximumUsedTransactionIDs",
                dimensions,
                "Maximum",
                new AlarmThreshold(ABOVE, 1_000_000_000, 5, 1, "notBreaching"),
                AlarmSeverity.PAGE,
                "more than 1,000,000,000 transaction ids are used because vacuum is too slow; the database stops at 2,000,000,000");
    }

    private void database(
            String suffix,
            String metric,
            Map<String, String> dimensions,
            String statistic,
            AlarmThreshold breach,
            AlarmSeverity severity,
            String meaning) {
        add(
                "database-" + suffix,
                "AWS/RDS",
                metric,
                dimensions,
                statistic,
                breach,
                severity,
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
                AlarmSeverity.PAGE,
                "the load balancer answers with 5xx because no target responds",
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
                AlarmSeverity.PAGE,
                service + ": no container has been healthy for 5 minutes",
                "service-down.md");
        add(
                service + "-unhealthy",
                "AWS/ApplicationELB",
                "UnHealthyHostCount",
                dimensions,
                "Maximum",
                new AlarmThreshold(ABOVE, 0, 10, 10, "notBreaching"),
                AlarmSeverity.TICKET,
                service + ": a container has been unhealthy for 10 minutes",
                "service-down.md");
        add(
                service + "-http-5xx",
                "AWS/ApplicationELB",
                "HTTPCode_Target_5XX_Count",
                dimensions,
                "Sum",
                new AlarmThreshold(ABOVE, 10, 5, 3, "notBreaching"),
                AlarmSeverity.PAGE,
                service + ": more than 10 requests a minute fail with 5xx",
                "service-errors.md");
        add(
                service + "-slow",
                "AWS/ApplicationELB",
                "TargetResponseTime",
                dimensions,
                "p99",
                new AlarmThreshold(ABOVE, 2, 10, 10, "notBreaching"),
                AlarmSeverity.TICKET,
                service
                        + ": the 99th percentile of response times has been above 2 s for 10 minutes",
                "service-errors.md");
    }

    private void rule(Topology.RuleSpec rule) {
        add(
                rule.name() + "-failed",
                "AWS/Events",
                "FailedInvocations",
                rule.metricDimensions(),
                "Sum",
                new AlarmThreshold(ABOVE, 0, 1, 1, "notBreaching"),
                AlarmSeverity.TICKET,
                rule.name() + ": events could not be delivered",
                "undelivered-events.md");
    }

    /// These metrics of EventBridge belong to the account, not to a bus.
    private void bus() {
        add(
                "events-not-accepted",
                "AWS/Events",
                "PutEventsFailedEntriesCount",
                Map.of(),
                "Sum",
                new AlarmThreshold(ABOVE, 0, 5, 3, "notBreaching"),
                AlarmSeverity.TICKET,
                "EventBridge rejects events; the outbox retries them",
                "outbox.md");
        add(
                "events-throttled",
                "AWS/Events",
                "PutEventsApproximateThrottledCount",
                Map.of(),
                "Sum",
                new AlarmThreshold(ABOVE, 0, 5, 3, "notBreaching"),
                AlarmSeverity.TICKET,
                "EventBridge throttles publishing; the outbox retries the events",
                "outbox.md");
    }

    /// Undelivered tickets are a page, and undelivered pages a ticket: each arrives through the
    /// other topic.
    private void topic(Topology.TopicSpec topic, PagingSpec paging) {
        add(
                topic.name() + "-not-delivered",
                "AWS/SNS",
                "NumberOfNotificationsFailed",
                Map.of("TopicName", topic.name()),
                "Sum",
                new AlarmThreshold(ABOVE, 0, 5, 1, "notBreaching"),
                topic.name().equals(paging.ticketsTopic())
                        ? AlarmSeverity.PAGE
                        : AlarmSeverity.TICKET,
                topic.name() + ": a message could not be delivered to a subscriber",
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
                AlarmSeverity.TICKET,
                function + ": invocations fail",
                "functions.md");
        add(
                function + "-throttled",
                "AWS/Lambda",
                "Throttles",
                dimensions,
                "Sum",
                new AlarmThreshold(ABOVE, 0, 5, 5, "notBreaching"),
                AlarmSeverity.TICKET,
                function
                        + ": invocations are throttled because the concurrency of the account is used up",
                "functions.md");
    }

    /// @param comparison as CloudWatch names it
    /// @param threshold in the metric's unit
    /// @param of how many of the latest minutes are evaluated
    /// @param minutes how many of these must breach the threshold
    /// @param missing how minutes without data are treated
    private record AlarmThreshold(
            String comparison, double threshold, int of, int minutes, String missing) {}

    private void add(
            String name,
            String namespace,
            String metric,
            Map<String, String> dimensions,
            String statistic,
            AlarmThreshold breach,
            AlarmSeverity severity,
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
                        severity,
                        meaning,
                        runbook));
    }
}
