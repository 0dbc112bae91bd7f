package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import software.amazon.awscdk.Stack;

/// ARNs that follow from a name.
///
/// A policy that names a resource of another stack, or a resource that names it back, would close a
/// circle of references. Everything the topology names has a fixed name, so its ARN is known before
/// it exists.
final class Arns {

    /// The alias of the workflow that new orders are started with.
    static final String LIVE = "live";

    private Arns() {}

    static String queue(Stack here, String name) {
        return arn(here, "sqs", name);
    }

    static String bus(Stack here, Topology topology) {
        return arn(here, "events", "event-bus/" + topology.bus());
    }

    /// The default bus is left out of the ARN of a rule.
    static String rule(Stack here, Topology.RuleSpec rule) {
        return rule.bus().equals(Topology.DEFAULT_BUS)
                ? arn(here, "events", "rule/" + rule.name())
                : arn(here, "events", "rule/" + rule.bus() + "/" + rule.name());
    }

    /// The workflow, whatever its version.
    static String workflow(Stack here, Topology topology) {
        return arn(here, "states", "stateMachine:" + topology.workflow().name());
    }

    /// The version of the workflow that new orders get.
    static String liveWorkflow(Stack here, Topology topology) {
        return workflow(here, topology) + ":" + LIVE;
    }

    /// Every execution of the workflow.
    static String anyExecution(Stack here, Topology topology) {
        return arn(here, "states", "execution:" + topology.workflow().name() + ":*");
    }

    /// The name of the log group that the workflow's errors go to; AWS wants the prefix for what
    /// its services deliver.
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
