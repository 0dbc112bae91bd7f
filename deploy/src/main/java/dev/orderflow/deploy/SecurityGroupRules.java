package dev.orderflow.deploy;

import java.util.ArrayList;
import java.util.List;

/// Who may open a connection to whom, and at which port. What is not here is refused.
///
/// TLS ends at the load balancers. From there to a task the way is one edge of this graph, inside
/// the VPC, to a port that nobody else reaches.
final class SecurityGroupRules {

    static final int HTTPS = 443;
    static final int POSTGRES = 5432;

    /// Everybody, as a caller.
    static final String INTERNET = "internet";

    /// Everybody, as one who is called. The resolver's firewall says which names there are.
    static final String OUTSIDE = "outside";

    static final String PUBLIC_LOAD_BALANCER = "public-load-balancer";
    static final String INTERNAL_LOAD_BALANCER = "internal-load-balancer";

    /// Step Functions, through EventBridge's connection.
    static final String WORKFLOW = "workflow";

    /// People. Whatever gives them a way in, such as a Client VPN endpoint, is put into this group.
    static final String OPERATORS = "operators";

    static final String DATABASE = "database";
    static final String DATABASE_SETUP = "database-setup";
    static final String ANALYTICS_FUNCTION = "analytics-function";

    /// The APIs of AWS that have endpoints in the VPC.
    static final String AWS = "aws";

    /// Has a gateway of its own kind: image layers and claim checks.
    static final String S3 = "s3";

    /// @param from who opens the connection
    /// @param to who is called
    /// @param port where
    /// @param why it is needed
    record SecurityGroupRule(String from, String to, int port, String reason) {}

    private SecurityGroupRules() {}

    static List<SecurityGroupRule> all() {
        var edges = new ArrayList<SecurityGroupRule>();
        edges.add(new SecurityGroupRule(INTERNET, PUBLIC_LOAD_BALANCER, HTTPS, "the public API"));
        edges.add(new SecurityGroupRule(INTERNET, PUBLIC_LOAD_BALANCER, 80, "is sent on to HTTPS"));
        edges.add(
                new SecurityGroupRule(
                        PUBLIC_LOAD_BALANCER,
                        DeployedService.ORDER.label(),
                        DeployedService.ORDER.port(),
                        "the public API"));
        edges.add(
                new SecurityGroupRule(
                        PUBLIC_LOAD_BALANCER,
                        DeployedService.ORDER.label(),
                        DeployedService.ORDER.managementPort(),
                        "health"));
        edges.add(
                new SecurityGroupRule(
                        WORKFLOW, INTERNAL_LOAD_BALANCER, HTTPS, "the workflow's steps"));
        edges.add(
                new SecurityGroupRule(
                        OPERATORS, INTERNAL_LOAD_BALANCER, HTTPS, "the operators' API"));
        edges.add(
                new SecurityGroupRule(
                        OPERATORS, DATABASE, POSTGRES, "questions that no service answers"));
        edges.add(new SecurityGroupRule(OPERATORS, AWS, HTTPS, "the APIs of AWS"));
        for (var service : DeployedService.values()) {
            var name = service.label();
            edges.add(
                    new SecurityGroupRule(
                            INTERNAL_LOAD_BALANCER,
                            name,
                            service.internalPort(),
                            "the internal API"));
            edges.add(
                    new SecurityGroupRule(
                            INTERNAL_LOAD_BALANCER, name, service.managementPort(), "health"));
            if (!service.calls().isEmpty()) {
                edges.add(
                        new SecurityGroupRule(
                                name, INTERNAL_LOAD_BALANCER, HTTPS, "other services"));
            }
            if (service.needsInternetAccess()) {
                edges.add(
                        new SecurityGroupRule(
                                name, OUTSIDE, HTTPS, "who is not on AWS's private network"));
            }
            addCommonRules(edges, name);
        }
        addCommonRules(edges, DATABASE_SETUP);
        addCommonRules(edges, ANALYTICS_FUNCTION);
        return List.copyOf(edges);
    }

    private static void addCommonRules(List<SecurityGroupRule> edges, String name) {
        edges.add(new SecurityGroupRule(name, DATABASE, POSTGRES, "its tables"));
        edges.add(new SecurityGroupRule(name, AWS, HTTPS, "the APIs of AWS"));
        edges.add(new SecurityGroupRule(name, S3, HTTPS, "image layers and claim checks"));
    }
}
