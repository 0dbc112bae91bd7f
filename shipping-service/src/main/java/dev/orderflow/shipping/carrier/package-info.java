/// The carrier over HTTP, behind a circuit breaker.
///
/// Guarantee: every booking of an order carries the order's id as its `Idempotency-Key`; anything
/// but a clear yes or a clear no is "unknown" and may be asked again. Limit: the breaker is this
/// instance's own, so each instance finds out by itself that the carrier is away.
@NullMarked
package dev.orderflow.shipping.carrier;

import org.jspecify.annotations.NullMarked;
