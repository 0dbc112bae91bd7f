package dev.orderflow.deploy;

import java.util.ArrayList;
import java.util.List;

/// Who may open a connection to whom, and at which port. What is not here is refused.
///
/// TLS ends at the load balancers. From there to a task the way is one edge of this graph, inside
/// the VPC, to a port that nobody else reaches.
final class Traffic {

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
    record Edge(String from, String to, int port, String why) {}

    private Traffic() {}

    static List<Edge> edges() {
        var edges = new ArrayList<Edge>();
        edges.add(new Edge(INTERNET, PUBLIC_LOAD_BALANCER, HTTPS, "the public API"));
        edges.add(new Edge(INTERNET, PUBLIC_LOAD_BALANCER, 80, "is sent on to HTTPS"));
        edges.add(
                new Edge(
                        PUBLIC_LOAD_BALANCER,
                        Service.ORDER.label(),
                        Service.ORDER.port(),
                        "the public API"));
        edges.add(
                new Edge(
                        PUBLIC_LOAD_BALANCER,
                        Service.ORDER.label(),
                        Service.ORDER.managementPort(),
                        "health"));
        edges.add(new Edge(WORKFLOW, INTERNAL_LOAD_BALANCER, HTTPS, "the workflow's steps"));
        edges.add(new Edge(OPERATORS, INTERNAL_LOAD_BALANCER, HTTPS, "the operators' API"));
        edges.add(new Edge(OPERATORS, DATABASE, POSTGRES, "questions that no service answers"));
        edges.add(new Edge(OPERATORS, AWS, HTTPS, "the APIs of AWS"));
        for (var service : Service.values()) {
            var name = service.label();
            edges.add(
                    new Edge(
                            INTERNAL_LOAD_BALANCER,
                            name,
                            service.internalPort(),
                            "the internal API"));
            edges.add(new Edge(INTERNAL_LOAD_BALANCER, name, service.managementPort(), "health"));
            if (!service.calls().isEmpty()) {
                edges.add(new Edge(name, INTERNAL_LOAD_BALANCER, HTTPS, "other services"));
            }
            if (service.leavesTheHouse()) {
                edges.add(new Edge(name, OUTSIDE, HTTPS, "who is not on AWS's private network"));
            }
            stores(edges, name);
        }
        stores(edges, DATABASE_SETUP);
        stores(edges, ANALYTICS_FUNCTION);
        return List.copyOf(edges);
    }

    private static void stores(List<Edge> edges, String name) {
        edges.add(new Edge(name, DATABASE, POSTGRES, "its tables"));
        edges.add(new Edge(name, AWS, HTTPS, "the APIs of AWS"));
        edges.add(new Edge(name, S3, HTTPS, "image layers and claim checks"));
    }
}
