/// The AWS APIs this project uses, on one machine and one port.
///
/// It joins engines that exist (Event Ruler for event patterns, dashjoin JSONata for workflow
/// expressions) and adds what is between them: queues, the wire protocols the AWS SDK speaks and
/// the delivery, retry and timing rules AWS documents.
///
/// What it does not support it refuses when it is asked to create it, with AWS's error code and a
/// message that names the thing. It is for development and tests, and binds to loopback unless told
/// otherwise.
@NullMarked
package dev.orderflow.localcloud;

import org.jspecify.annotations.NullMarked;
