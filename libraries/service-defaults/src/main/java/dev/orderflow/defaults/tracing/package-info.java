/// One trace for everything that an order causes, and log lines that name their trace and order.
///
/// A trace continues from the `traceparent` of a request or message; a missing or malformed one
/// starts a new trace and causes no failure. Log lines contain ids only: no header, body or query
/// of a request and no body of a message.
@NullMarked
package dev.orderflow.defaults.tracing;

import org.jspecify.annotations.NullMarked;
