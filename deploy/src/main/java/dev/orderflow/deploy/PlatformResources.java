package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationLoadBalancer;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;

/// The names of the AWS resources that run the services, as in the dimensions of CloudWatch
/// metrics.
///
/// @param cluster of ECS
/// @param services by name
/// @param database the identifier of the database instance
/// @param storageGigabytes the initial storage of the database
/// @param connections the maximum of database connections
/// @param publicLoadBalancer full name, `app/…`
/// @param internalLoadBalancer full name, `app/…`
/// @param targetGroups by the name of the service
/// @param functions the names of the Lambda functions
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

    /// The target group of the public port of order-service.
    static final String PUBLIC_ORDERS = "public-orders";

    /// @param name full name, `targetgroup/…`
    /// @param loadBalancer the full name of its load balancer
    record TargetGroupNames(String name, String loadBalancer) {}

    static PlatformResources of(Stage stage, Topology topology, ServicesStack services) {
        var size = SizeOfScale.of(stage.scale());
        var publicLoadBalancer = services.publicLoadBalancer().loadBalancer();
        var internalLoadBalancer = services.internalLoadBalancer().loadBalancer();
        var groups = new TreeMap<String, TargetGroupNames>();
        groups.put(PUBLIC_ORDERS, group(services.publicOrders(), publicLoadBalancer));
        services.internalTargets()
                .forEach(
                        (service, targets) ->
                                groups.put(service.label(), group(targets, internalLoadBalancer)));
        return new PlatformResources(
                FoundationStack.CLUSTER,
                topology.services(),
                DataStack.NAME,
                size.storageGigabytes(),
                size.databaseConnections(),
                publicLoadBalancer.getLoadBalancerFullName(),
                internalLoadBalancer.getLoadBalancerFullName(),
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
