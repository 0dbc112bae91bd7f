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

/// Scales the tasks of a service by CPU usage and by the backlog of its queues.
final class Scaling {

    /// In per cent; leaves reserve for the time until the next task runs.
    private static final int BUSY = 60;

    /// Messages per task: five times the 20 messages that a task handles concurrently.
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

    /// @param queues that the service polls
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
        // Each running task publishes one sample per minute, so the number of samples is the number
        // of tasks.
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
                        .label("messages per task")
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

    /// Scales out after 1 minute and in after 5 minutes, since starting a task takes a minute.
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
