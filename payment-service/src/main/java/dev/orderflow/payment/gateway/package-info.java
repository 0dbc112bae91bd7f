/// The port to the payment gateway.
///
/// Guarantee of an adapter: it returns within its configured time-out and never throws; it sends
/// the idempotency key that it is given, and never retries by itself; it returns
/// [GatewayResult.ResultUnknown] unless the outcome is certain. Limit: an adapter stores nothing.
/// What a result means for a payment is decided by the caller.
@NullMarked
package dev.orderflow.payment.gateway;

import org.jspecify.annotations.NullMarked;
