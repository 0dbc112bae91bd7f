/// EventBridge: buses, rules and targets, archives and replays, connections.
///
/// An accepted event is archived and routed before `PutEvents` returns, and then delivered to each
/// target separately: at least once, in no particular order. A failed delivery is retried in cloud
/// time according to the target's `RetryPolicy`, and then sent to the target's dead-letter queue
/// with the attributes that AWS adds; without a dead-letter queue it is dropped and counted. Events
/// are kept in memory and end with the process; closing attempts pending deliveries once more.
///
/// Schedules, partner buses, pipes, API destinations, resource policies and targets other than SQS,
/// SNS and Step Functions are rejected. `TraceHeader` is accepted and ignored. An event with more
/// than 5,000 values in fields that rules match is rejected.
@NullMarked
package dev.orderflow.localcloud.eventbridge;

import org.jspecify.annotations.NullMarked;
