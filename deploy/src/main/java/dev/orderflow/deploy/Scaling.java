package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalableTarget;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy.TargetTrackingMetricDataQueryProperty;
import software.amazon.awscdk.services.ecs.FargateService;
import software.constructs.Construct;

/// How many tasks of a service there are: enough for its load, and for what waits for it.
final class Scaling {

    /// Per cent. Above it there is no room left for the time until the next task runs.
    private static final int BUSY = 60;

    /// Messages for each task: five rounds of the 20 that one handles at a time.
    private static final int BACKLOG = 100;

    private static final String NAMESPACE = "ecs";
    private static final String DIMENSION = "ecs:service:DesiredCount";

    private final Construct scope;
    private final DeployedService service;
    private final CfnScalableTarget target;

    private Scaling(
            Construct scope, DeployedService service, FargateService running, SizeOfScale size) {
        this.scope = scope;
        this.service = service;
        target =
                CfnScalableTarget.Builder.create(scope, service.label() + "-tasks")
                        .serviceNamespace(NAMESPACE)
                        .scalableDimension(DIMENSION)
                        .resourceId(
                                "service/%s/%s"
                                        .formatted(
                                                FoundationStack.CLUSTER, running.getServiceName()))
                        .minCapacity(size.tasks())
                        .maxCapacity(size.maxTasks())
                        .build();
    }

    /// @param queues that the service reads
    static void of(
            Construct scope,
            DeployedService service,
            FargateService running,
            SizeOfScale size,
            List<Topology.QueueSpec> queues) {
        var scaling = new Scaling(scope, service, running, size);
        scaling.onLoad();
        if (!queues.isEmpty()) {
            scaling.onBacklog(queues);
        }
    }

    private void onLoad() {
        track(
                "load",
                CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty.builder()
                        .targetValue(BUSY)
                        .predefinedMetricSpecification(
                                CfnScalingPolicy.PredefinedMetricSpecificationProperty.builder()
                                        .predefinedMetricType("ECSServiceAverageCPUUtilization")
                                        .build()));
    }

    private void onBacklog(List<Topology.QueueSpec> queues) {
        var metrics = new ArrayList<TargetTrackingMetricDataQueryProperty>();
        for (int i = 0; i < queues.size(); i++) {
            metrics.add(
                    metric(
                            "waiting" + i,
                            "AWS/SQS",
                            "ApproximateNumberOfMessagesVisible",
                            "Average",
                            Map.of("QueueName", queues.get(i).name())));
        }
        // Each task that runs says once a minute how busy it is.
        metrics.add(
                metric(
                        "tasks",
                        "AWS/ECS",
                        "CPUUtilization",
                        "SampleCount",
                        Map.of(
                                "ClusterName",
                                FoundationStack.CLUSTER,
                                "ServiceName",
                                service.label())));
        metrics.add(
                TargetTrackingMetricDataQueryProperty.builder()
                        .id("backlog")
                        .expression(
                                IntStream.range(0, queues.size())
                                        .mapToObj(i -> "waiting" + i)
                                        .collect(Collectors.joining(" + ", "(", ") / tasks")))
                        .label("messages for each task")
                        .returnData(true)
                        .build());
        track(
                "backlog",
                CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty.builder()
                        .targetValue(BACKLOG)
                        .customizedMetricSpecification(
                                CfnScalingPolicy.CustomizedMetricSpecificationProperty.builder()
                                        .metrics(metrics)
                                        .build()));
    }

    private static TargetTrackingMetricDataQueryProperty metric(
            String id,
            String namespace,
            String name,
            String statistic,
            Map<String, String> dimensions) {
        return TargetTrackingMetricDataQueryProperty.builder()
                .id(id)
                .returnData(false)
                .metricStat(
                        CfnScalingPolicy.TargetTrackingMetricStatProperty.builder()
                                .stat(statistic)
                                .metric(
                                        CfnScalingPolicy.TargetTrackingMetricProperty.builder()
                                                .namespace(namespace)
                                                .metricName(name)
                                                .dimensions(
                                                        dimensions.entrySet().stream()
                                                                .sorted(Map.Entry.comparingByKey())
                                                                .map(
                                                                        it ->
                                                                                CfnScalingPolicy
                                                                                        .TargetTrackingMetricDimensionProperty
                                                                                        .builder()
                                                                                        .name(
                                                                                                it
                                                                                                        .getKey())
                                                                                        .value(
                                                                                                it
                                                                                                        .getValue())
                                                                                        .build())
                                                                .toList())
                                                .build())
                                .build())
                .build();
    }

    /// It grows at once and shrinks slowly: a task needs a minute to start and to stop.
    private void track(
            String what,
            CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty.Builder policy) {
        CfnScalingPolicy.Builder.create(scope, service.label() + "-" + what)
                .policyName(service.label() + "-" + what)
                .policyType("TargetTrackingScaling")
                .scalingTargetId(target.getRef())
                .targetTrackingScalingPolicyConfiguration(
                        policy.scaleOutCooldown(60).scaleInCooldown(300).build())
                .build();
    }
}
