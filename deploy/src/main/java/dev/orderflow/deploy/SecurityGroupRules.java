package dev.orderflow.deploy;

import java.util.ArrayList;
import java.util.List;

/// All allowed connections between security groups. No other connections are possible.
///
/// TLS ends at the load balancers. From there connections go to a port of the task that only the
/// load balancer can reach.
final class SecurityGroupRules {

    static final int HTTPS = 443;
    static final int POSTGRES = 5432;

    /// Any address. As a destination, the DNS firewall limits the host names.
    static final String INTERNET = "internet";

    static final String PUBLIC_LOAD_BALANCER = "public-load-balancer";
    static final String INTERNAL_LOAD_BALANCER = "internal-load-balancer";

    /// Step Functions, through the EventBridge connection.
    static final String WORKFLOW = "workflow";

    /// Operators. Their access, such as a Client VPN endpoint, must use this group.
    static final String OPERATORS = "operators";

    static final String DATABASE = "database";
    static final String DATABASE_SETUP = "database-setup";
    static final String ANALYTICS_FUNCTION = "analytics-function";

    /// The endpoints of AWS APIs in the VPC.
    static final String AWS = "aws";

    /// S3 through its gateway endpoint: image layers and claim checks.
    static final String S3 = "s3";

    /// @param from the source of the connection
    /// @param to the destination
    /// @param port the TCP port
    /// @param reason why the connection is needed
    record SecurityGroupRule(String from, String to, int port, String reason) {}

    private SecurityGroupRules() {}

    static List<SecurityGroupRule> all() {
        var rules = new ArrayList<SecurityGroupRule>();
        rules.add(new SecurityGroupRule(INTERNET, PUBLIC_LOAD_BALANCER, HTTPS, "the public API"));
        rules.add(new SecurityGroupRule(INTERNET, PUBLIC_LOAD_BALANCER, 80, "redirect to HTTPS"));
        rules.add(
                new SecurityGroupRule(
                        PUBLIC_LOAD_BALANCER,
                        DeployedService.ORDER.label(),
                        DeployedService.ORDER.port(),
                        "the public API"));
        rules.add(
                new SecurityGroupRule(
                        PUBLIC_LOAD_BALANCER,
                        DeployedService.ORDER.label(),
                        DeployedService.ORDER.managementPort(),
                        "health"));
        rules.add(
                new SecurityGroupRule(
                        WORKFLOW, INTERNAL_LOAD_BALANCER, HTTPS, "steps of the workflow"));
        rules.add(
                new SecurityGroupRule(
                        OPERATORS, INTERNAL_LOAD_BALANCER, HTTPS, "the operators' API and pages"));
        rules.add(
                new SecurityGroupRule(
                        INTERNAL_LOAD_BALANCER,
                        DeployedService.OPERATIONS.label(),
                        DeployedService.PAGES_PORT,
                        "the pages"));
        rules.add(new SecurityGroupRule(OPERATORS, DATABASE, POSTGRES, "ad-hoc queries"));
        rules.add(new SecurityGroupRule(OPERATORS, AWS, HTTPS, "the APIs of AWS"));
        for (var service : DeployedService.values()) {
            var name = service.label();
            rules.add(
                    new SecurityGroupRule(
                            INTERNAL_LOAD_BALANCER,
                            name,
                            service.internalPort(),
                            "the internal API"));
            rules.add(
                    new SecurityGroupRule(
                            INTERNAL_LOAD_BALANCER, name, service.managementPort(), "health"));
            if (!service.calls().isEmpty()) {
                rules.add(
                        new SecurityGroupRule(
                                name, INTERNAL_LOAD_BALANCER, HTTPS, "other services"));
            }
            if (service.needsInternetAccess()) {
                rules.add(new SecurityGroupRule(name, INTERNET, HTTPS, "hosts on the internet"));
            }
            addCommonRules(rules, name);
        }
        addCommonRules(rules, DATABASE_SETUP);
        addCommonRules(rules, ANALYTICS_FUNCTION);
        return List.copyOf(rules);
    }

    private static void addCommonRules(List<SecurityGroupRule> rules, String name) {
        rules.add(new SecurityGroupRule(name, DATABASE, POSTGRES, "database"));
        rules.add(new SecurityGroupRule(name, AWS, HTTPS, "the APIs of AWS"));
        rules.add(new SecurityGroupRule(name, S3, HTTPS, "image layers and claim checks"));
    }
}
