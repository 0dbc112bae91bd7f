/// Step Functions: state machines in the Amazon States Language, executed as AWS executes them.
///
/// **Guarantee.** What a definition says is either executed with AWS's events, error names and
/// timing, or refused when the state machine is created, with AWS's diagnostic and the path of the
/// offending field. One execution is one virtual thread, and one more for each branch or
/// iteration; a waiting one holds no platform thread. Everything an execution does to its own
/// state happens under the execution's lock, so its history is one consistent sequence whatever
/// its branches do at once.
///
/// **Limit.** State is in memory and ends with the process. Standard workflows only: Express
/// workflows, versions, aliases, activities, distributed Map and the service integrations not
/// listed at [TaskResource] are refused by name. Roles, logging and tracing configuration are kept
/// and returned but have no effect.
@NullMarked
package dev.orderflow.localcloud.stepfunctions;

import org.jspecify.annotations.NullMarked;
