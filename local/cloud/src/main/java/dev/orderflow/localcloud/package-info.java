/// The AWS APIs that this project uses, on one port of one machine.
///
/// It combines existing engines (Event Ruler for event patterns, dashjoin JSONata for workflow
/// expressions) with its own queues, the wire protocols of the AWS SDK, and the delivery, retry and
/// timing rules that AWS documents.
///
/// Unsupported features are rejected when a resource is created, with AWS's error code and a
/// message that names the feature. It is for development and tests only and binds to loopback by
/// default.
@NullMarked
package dev.orderflow.localcloud;

import org.jspecify.annotations.NullMarked;
