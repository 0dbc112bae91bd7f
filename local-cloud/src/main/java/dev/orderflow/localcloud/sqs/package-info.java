/// SQS, by ElasticMQ: the calls pass through to it, its clock is the cloud's.
///
/// Limit: queues live in memory. Retention, queue policies, encryption and redrive-allow policies
/// are accepted by ElasticMQ without effect.
@NullMarked
package dev.orderflow.localcloud.sqs;

import org.jspecify.annotations.NullMarked;
