package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import software.amazon.awscdk.Stack;

/// ARNs that are derived from names.
///
/// Policies use them instead of references to other stacks, which would be circular. All resources
/// of the topology have fixed names, so their ARNs are known before they exist.
final class Arns {

    /// The alias of the workflow with which new orders are started.
    static final String LIVE = "live";

    private Arns() {}

    static String queue(Stack here, String name) {
        return arn(here, "sqs", name);
    }

    static String bus(Stack here, Topology topology) {
        return arn(here, "events", "event-bus/" + topology.bus());
    }

    /// The ARN of a rule on the default bus does not contain the name of the bus.
    static String rule(Stack here, Topology.RuleSpec rule) {
        return rule.bus().equals(Topology.DEFAULT_BUS)
                ? arn(here, "events", "rule/" + rule.name())
                : arn(here, "events", "rule/" + rule.bus() + "/" + rule.name());
    }

    /// The workflow without version or alias.
    static String workflow(Stack here, Topology topology) {
        return arn(here, "states", "stateMachine:" + topology.workflow().name());
    }

    /// The alias of the workflow for new orders.
    static String liveWorkflow(Stack here, Topology topology) {
        return workflow(here, topology) + ":" + LIVE;
    }

    /// Every execution of the workflow.
    static String anyExecution(Stack here, Topology topology) {
        return arn(here, "states", "execution:" + topology.workflow().name() + ":*");
    }

    /// The log group for errors of the workflow. AWS requires the prefix for logs that its services
    /// deliver.
    static String workflowLogGroup(Topology topology) {
        return "/aws/vendedlogs/states/" + topology.workflow().name();
    }

    /// Every log group of the account in this region.
    static String anyLog(Stack here) {
        return arn(here, "logs", "*");
    }

    /// Every alarm of the account in this region.
    static String anyAlarm(Stack here) {
        return arn(here, "cloudwatch", "alarm:*");
    }

    static String arn(Stack here, String service, String resource) {
        var region = here.getRegion();
        return "arn:%s:%s:%s:%s:%s"
                .formatted(partition(region), service, region, here.getAccount(), resource);
    }

    private static String partition(String region) {
        if (region.startsWith("cn-")) {
            return "aws-cn";
        }
        return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }
}
