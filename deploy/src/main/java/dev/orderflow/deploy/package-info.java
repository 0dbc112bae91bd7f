/// The CDK stacks of the system on AWS.
///
/// [DeployApp] builds six stacks from the topology and a [Stage]. Each stack sees only those before
/// it: network, data, messaging, services, workflow, monitoring. Resources of the topology are
/// created only from it, so that development and AWS cannot diverge.
@NullMarked
package dev.orderflow.deploy;

import org.jspecify.annotations.NullMarked;
