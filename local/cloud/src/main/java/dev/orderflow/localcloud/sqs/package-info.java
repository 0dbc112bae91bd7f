/// [SQS](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html):
/// standard and FIFO queues, in memory.
///
/// A message that was sent is there until it is deleted, its retention period ends or the process
/// does. Visibility, delay, retention and deduplication follow the cloud's clock; a long poll waits
/// on the wall clock. Unlike AWS a queue is never slow to notice a change: counts are exact, and a
/// name can be used again right after its queue was deleted.
@NullMarked
package dev.orderflow.localcloud.sqs;

import org.jspecify.annotations.NullMarked;
