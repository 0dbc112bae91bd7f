/// Targets of the outbox on AWS, and a store for large payloads in S3.
///
/// A target sends up to ten events in one call and decides about each entry by its own error code
/// ([AwsErrors]). It does not retry; configure the SDK's clients with a time-out of the call, and
/// leave the retries to the relay.
@NullMarked
package dev.orderflow.outbox.eventbridge;

import org.jspecify.annotations.NullMarked;
