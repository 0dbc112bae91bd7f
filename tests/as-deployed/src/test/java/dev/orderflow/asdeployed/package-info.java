/// The stacks of `deploy/`, run without AWS.
///
/// The templates of CDK are deployed into local-cloud ([Deployment]). The services start with the
/// environment and the roles of their task definitions, and call each other by the rules of the
/// internal load balancer ([DeployedSystem]). Only addresses, the database and the image are
/// replaced. Every call and every delivery is authorised by the rules of IAM: a missing permission
/// fails a journey, and a permission that no journey uses is reported ([AuthorizationTest]).
@NullMarked
package dev.orderflow.asdeployed;

import org.jspecify.annotations.NullMarked;
