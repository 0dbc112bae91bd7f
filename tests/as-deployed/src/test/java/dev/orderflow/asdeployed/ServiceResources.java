package dev.orderflow.asdeployed;

import static java.util.stream.Collectors.toMap;

import dev.orderflow.asdeployed.Deployment.Created;
import dev.orderflow.asdeployed.Templates.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Creates task definitions, services, and the rules by which load balancers route to them.
final class ServiceResources {

    private final CloudClients clients;
    private final LoadBalancer loadBalancer;
    private final List<TaskDefinition> tasks = new ArrayList<>();

    ServiceResources(CloudClients clients, LoadBalancer loadBalancer) {
        this.clients = clients;
        this.loadBalancer = loadBalancer;
    }

    Created taskDefinition(Resource resource, Properties in) {
        var containers = in.parts("ContainerDefinitions");
        if (containers.size() != 1) {
            throw new DeploymentException(resource + " must have one container");
        }
        var container = containers.getFirst();
        var task =
                new TaskDefinition(
                        container.text("Name"),
                        container.text("Image"),
                        in.text("TaskRoleArn"),
                        in.text("ExecutionRoleArn"),
                        pairs(container, "Environment", "Value"),
                        pairs(container, "Secrets", "ValueFrom"),
                        container
                                .get("LogConfiguration")
                                .path("Options")
                                .path("awslogs-group")
                                .asString(""));
        container
                .accept(
                        "Command",
                        "Essential",
                        "HealthCheck",
                        "LinuxParameters",
                        "MountPoints",
                        "PortMappings",
                        "ReadonlyRootFilesystem",
                        "StopTimeout",
                        "User",
                        "EntryPoint")
                .requireAllRead();
        in.accept(
                "Cpu",
                "Family",
                "Memory",
                "NetworkMode",
                "RequiresCompatibilities",
                "RuntimePlatform",
                "Volumes");
        tasks.add(task);
        return Created.named(clients.arn("ecs", "task-definition/" + task.name()));
    }

    private static Map<String, String> pairs(Properties container, String list, String value) {
        return container
                .get(list)
                .valueStream()
                .collect(
                        toMap(
                                pair -> pair.path("Name").asString(),
                                pair -> pair.path(value).asString()));
    }

    Created service(Resource resource, Properties in) {
        for (var target : in.get("LoadBalancers")) {
            loadBalancer.register(
                    target.path("TargetGroupArn").asString(),
                    new LoadBalancer.Target(
                            target.path("ContainerName").asString(),
                            target.path("ContainerPort").intValue()));
        }
        in.accept(
                "AvailabilityZoneRebalancing",
                "Cluster",
                "DeploymentConfiguration",
                "DeploymentController",
                "DesiredCount",
                "EnableECSManagedTags",
                "EnableExecuteCommand",
                "HealthCheckGracePeriodSeconds",
                "LaunchType",
                "NetworkConfiguration",
                "PropagateTags",
                "ServiceName",
                "TaskDefinition");
        return new Created(resource.id(), Map.of("Name", in.optional("ServiceName").orElse("")));
    }

    Created targetGroup(Resource resource, Properties in) {
        in.accept(
                "HealthCheckIntervalSeconds",
                "HealthCheckPath",
                "HealthCheckPort",
                "HealthCheckProtocol",
                "HealthCheckTimeoutSeconds",
                "HealthyThresholdCount",
                "Matcher",
                "Name",
                "Port",
                "Protocol",
                "TargetGroupAttributes",
                "TargetType",
                "UnhealthyThresholdCount",
                "VpcId");
        var arn = clients.arn("elasticloadbalancing", "targetgroup/" + resource.id() + "/1");
        return new Created(
                arn, Map.of("TargetGroupFullName", "targetgroup/" + resource.id() + "/1"));
    }

    Created listenerRule(Resource resource, Properties in) {
        var hosts = new ArrayList<String>();
        var paths = new ArrayList<String>();
        for (var condition : in.parts("Conditions")) {
            switch (condition.text("Field")) {
                case "host-header" ->
                        hosts.addAll(condition.part("HostHeaderConfig").texts("Values"));
                case "path-pattern" ->
                        paths.addAll(condition.part("PathPatternConfig").texts("Values"));
                default -> throw new DeploymentException(resource + ": an unknown condition");
            }
            condition.requireAllRead();
        }
        var action = in.get("Actions").path(0);
        loadBalancer.addRule(
                in.text("ListenerArn"),
                in.get("Priority").intValue(),
                hosts,
                paths,
                action.path("TargetGroupArn").asString(""));
        return Created.named(resource.id());
    }

    /// The task definitions that were created.
    List<TaskDefinition> tasks() {
        return List.copyOf(tasks);
    }
}
