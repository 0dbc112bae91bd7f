/// The carrier's HTTP API, behind a circuit breaker.
///
/// Guarantee: every booking of an order carries the order id as its `Idempotency-Key`. Any response
/// that is neither a confirmation nor a rejection is unknown and may be repeated. Limit: each
/// instance has its own circuit breaker and detects an outage of the carrier by itself.
@NullMarked
package dev.orderflow.shipping.carrier;

import org.jspecify.annotations.NullMarked;
