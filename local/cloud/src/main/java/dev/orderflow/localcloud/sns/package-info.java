/// SNS: topics that copy a message to every subscription whose filter policy lets it through.
///
/// `Publish` answers when the message is accepted; deliveries follow, each subscription on its own,
/// at least once and in no particular order. A queue that is gone or an endpoint that answers with
/// a client error is not tried again; other failures are retried on the cloud's clock as AWS
/// documents; what cannot be delivered goes to the subscription's dead-letter queue, or is dropped
/// and counted. Messages live in memory and end with the process; closing delivers what is under
/// way.
///
/// Subscribers are SQS queues and HTTP(S) endpoints; other protocols, FIFO topics, delivery
/// policies, SMS and mobile push are refused. Messages are not signed: `Signature` is there and
/// says so.
@NullMarked
package dev.orderflow.localcloud.sns;

import org.jspecify.annotations.NullMarked;
