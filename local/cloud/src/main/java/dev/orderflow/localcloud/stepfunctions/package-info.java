/// Step Functions: state machines in the Amazon States Language, executed as AWS executes them.
///
/// **Guarantee.** A definition is either executed with AWS's events, error names and timing, or
/// rejected when the state machine is created, with AWS's diagnostic and the location of the field.
/// Each execution, branch and iteration runs on its own virtual thread. All changes to an
/// execution's state happen under its lock, so its history is one consistent sequence.
///
/// **Limit.** State is kept in memory and ends with the process. Standard workflows only: Express
/// workflows, activities, distributed Map and service integrations that [TaskResource] does not
/// list are rejected by name. Logging, tracing and encryption configurations are stored and
/// returned without effect.
@NullMarked
package dev.orderflow.localcloud.stepfunctions;

import org.jspecify.annotations.NullMarked;
