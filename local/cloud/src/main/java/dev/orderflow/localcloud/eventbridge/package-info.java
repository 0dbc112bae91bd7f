/// EventBridge: buses, rules and targets, archives and replays, connections.
///
/// What `PutEvents` accepted is archived and routed before the answer goes out, and delivered
/// afterwards, each target on its own: at least once, in no particular order. A delivery that fails
/// is retried as the target's `RetryPolicy` says, on the cloud's clock, and then put on the
/// target's dead-letter queue with the attributes AWS adds; without one it is dropped, and counted.
/// Events live in memory and end with the process; closing delivers what is under way.
///
/// Schedules, partner buses, pipes, API destinations, resource policies and targets other than SQS,
/// SNS and Step Functions are refused. `TraceHeader` is taken and not passed on. An event with more
/// than 5,000 values in fields that rules name is not taken.
@NullMarked
package dev.orderflow.localcloud.eventbridge;

import org.jspecify.annotations.NullMarked;
