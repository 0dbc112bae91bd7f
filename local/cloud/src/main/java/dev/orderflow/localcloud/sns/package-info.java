/// SNS: topics that copy a message to every subscription whose filter policy accepts it.
///
/// `Publish` returns when the message is accepted. Each subscription is then delivered to
/// separately, at least once and in no particular order. A missing queue or a client error of an
/// endpoint is not retried; other failures are retried in cloud time as AWS documents.
/// Undeliverable messages move to the subscription's dead-letter queue, or are dropped and counted.
/// Messages are kept in memory and end with the process; closing attempts pending deliveries once
/// more.
///
/// Subscribers are SQS queues and HTTP(S) endpoints. Other protocols, FIFO topics, delivery
/// policies of subscriptions, SMS and mobile push are rejected; the delivery policy of a topic is
/// stored without effect. Messages are not signed: `Signature` contains a placeholder that says so.
@NullMarked
package dev.orderflow.localcloud.sns;

import org.jspecify.annotations.NullMarked;
