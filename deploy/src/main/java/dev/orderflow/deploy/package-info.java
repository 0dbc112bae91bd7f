/// The system on AWS.
///
/// [DeployApp] builds six stacks from the topology and a [Stage]. Each stack sees only those before
/// it: network, data, messaging, services, workflow, monitoring. What the topology describes is
/// made from it and from nothing else, so that the cloud of a laptop and AWS cannot drift apart.
@NullMarked
package dev.orderflow.deploy;

import org.jspecify.annotations.NullMarked;
