package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationLoadBalancer;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;

/// What runs the services, by the names that CloudWatch has for it.
///
/// @param cluster of ECS
/// @param services by name
/// @param database identifier of the instance
/// @param storageGigabytes of the database, to begin with
/// @param connections that the database allows
/// @param publicLoadBalancer full name, `app/…`
/// @param internalLoadBalancer full name, `app/…`
/// @param targetGroups by the name of what is behind
/// @param functions of Lambda, by name
record PlatformResources(
        String cluster,
        List<String> services,
        String database,
        int storageGigabytes,
        int connections,
        String publicLoadBalancer,
        String internalLoadBalancer,
        Map<String, TargetGroupNames> targetGroups,
        List<String> functions) {

    PlatformResources {
        services = List.copyOf(services);
        targetGroups = Map.copyOf(targetGroups);
        functions = List.copyOf(functions);
    }

    /// order-service at its public port.
    static final String PUBLIC_ORDERS = "public-orders";

    /// @param name full name, `targetgroup/…`
    /// @param loadBalancer full name of the one that uses it
    record TargetGroupNames(String name, String loadBalancer) {}

    static PlatformResources of(Stage stage, Topology topology, ServicesStack services) {
        var size = SizeOfScale.of(stage.scale());
        var open = services.publicLoadBalancer().loadBalancer();
        var inside = services.internalLoadBalancer().loadBalancer();
        var groups = new TreeMap<String, TargetGroupNames>();
        groups.put(PUBLIC_ORDERS, group(services.publicOrders(), open));
        services.internalTargets()
                .forEach((service, targets) -> groups.put(service.label(), group(targets, inside)));
        return new PlatformResources(
                FoundationStack.CLUSTER,
                topology.services(),
                DataStack.NAME,
                size.storageGigabytes(),
                size.databaseConnections(),
                open.getLoadBalancerFullName(),
                inside.getLoadBalancerFullName(),
                groups,
                switch (stage.analytics()) {
                    case CONTAINER -> List.of();
                    case LAMBDA -> List.of(AnalyticsFunction.NAME);
                });
    }

    static TargetGroupNames group(
            ApplicationTargetGroup group, ApplicationLoadBalancer loadBalancer) {
        return new TargetGroupNames(
                group.getTargetGroupFullName(), loadBalancer.getLoadBalancerFullName());
    }
}
