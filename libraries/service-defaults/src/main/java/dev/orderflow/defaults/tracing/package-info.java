/// One trace for whatever an order causes, and logs that say to which order and trace a line
/// belongs.
///
/// A trace goes on from a request's or a message's `traceparent`; one that is missing or malformed
/// starts a new trace and never fails the work. Log lines carry ids only: no header, body or query
/// of a request and no body of a message is written.
@NullMarked
package dev.orderflow.defaults.tracing;

import org.jspecify.annotations.NullMarked;
