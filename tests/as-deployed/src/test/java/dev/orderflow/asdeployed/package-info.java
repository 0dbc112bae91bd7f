/// The stacks of `deploy/` as they would run on AWS, as far as that can be had without AWS.
///
/// The templates that CDK makes are deployed into local-cloud ([Deployment]); the services start
/// with the environment and the roles of their task definitions, and reach each other by the rules
/// of the internal load balancer ([DeployedSystem]). Replaced are addresses, the database and the
/// image, and nothing else. Every call and every delivery is authorised as IAM would: what a
/// journey may not do, fails; what no journey ever needed, is reported ([AuthorizationTest]).
@NullMarked
package dev.orderflow.asdeployed;

import org.jspecify.annotations.NullMarked;
