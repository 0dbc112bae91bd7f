/// [SQS](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html):
/// standard and FIFO queues, in memory.
///
/// A message stays until it is deleted, its retention period ends or the process stops. Visibility,
/// delay, retention and deduplication use cloud time; a long poll waits in wall-clock time. Unlike
/// on AWS, changes are visible immediately: counts are exact, and a queue name can be reused right
/// after deletion.
@NullMarked
package dev.orderflow.localcloud.sqs;

import org.jspecify.annotations.NullMarked;
