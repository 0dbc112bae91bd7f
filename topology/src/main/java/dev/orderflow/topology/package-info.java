/// The AWS resources of the system, described once: queues, rules, the workflow, topics and alarms.
///
/// The description is data (`topology.json` and one ASL file); [Topology] is its typed view and
/// rejects errors that would otherwise stay unnoticed: a queue without a dead-letter queue, a rule
/// without a retry policy, an alarm without a runbook. [CloudProvisioner] creates the resources
/// through the AWS SDK, for development and tests.
@NullMarked
package dev.orderflow.topology;

import org.jspecify.annotations.NullMarked;
