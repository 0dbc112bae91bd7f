/// The CDK stacks of the system on AWS.
///
/// [DeployApp] builds eight stacks from the topology and a [Stage]. Each stack refers only to those
/// before it: foundation, network, data, messaging, identity, services, workflow, monitoring.
/// Resources of the topology are created only from it, so that development and AWS cannot diverge.
@NullMarked
package dev.orderflow.deploy;

import org.jspecify.annotations.NullMarked;
