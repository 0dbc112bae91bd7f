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

    static String queue(Stack stack, String name) {
        return arn(stack, "sqs", name);
    }

    static String topic(Stack stack, String name) {
        return arn(stack, "sns", name);
    }

    static String bus(Stack stack, Topology topology) {
        return arn(stack, "events", "event-bus/" + topology.bus());
    }

    /// The ARN of a rule on the default bus does not contain the name of the bus.
    static String rule(Stack stack, Topology.RuleSpec rule) {
        return rule.bus().equals(Topology.DEFAULT_BUS)
                ? arn(stack, "events", "rule/" + rule.name())
                : arn(stack, "events", "rule/" + rule.bus() + "/" + rule.name());
    }

    /// The workflow without version or alias.
    static String workflow(Stack stack, Topology topology) {
        return arn(stack, "states", "stateMachine:" + topology.workflow().name());
    }

    /// The alias of the workflow for new orders.
    static String liveWorkflow(Stack stack, Topology topology) {
        return workflow(stack, topology) + ":" + LIVE;
    }

    /// Every execution of the workflow.
    static String anyExecution(Stack stack, Topology topology) {
        return arn(stack, "states", "execution:" + topology.workflow().name() + ":*");
    }

    /// The log group for errors of the workflow. AWS requires the prefix for logs that its services
    /// deliver.
    static String workflowLogGroup(Topology topology) {
        return "/aws/vendedlogs/states/" + topology.workflow().name();
    }

    /// Every log group of the account in this region.
    static String anyLog(Stack stack) {
        return arn(stack, "logs", "*");
    }

    /// Every alarm of the account in this region.
    static String anyAlarm(Stack stack) {
        return arn(stack, "cloudwatch", "alarm:*");
    }

    static String arn(Stack stack, String service, String resource) {
        var region = stack.getRegion();
        return "arn:%s:%s:%s:%s:%s"
                .formatted(partition(region), service, region, stack.getAccount(), resource);
    }

    private static String partition(String region) {
        if (region.startsWith("cn-")) {
            return "aws-cn";
        }
        return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }
}
