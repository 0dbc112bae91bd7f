/// The internal API of payments.
///
/// Guarantee: a stored result always renders to the same bytes, so a replay returns the first
/// response byte for byte, with `Idempotency-Replayed: true`; every malformed request gets a typed
/// problem. Limit: a stored result shows the payment at that time. `GET
/// /internal/payments/{orderId}` shows its current state.
@NullMarked
package dev.orderflow.payment.web;

import org.jspecify.annotations.NullMarked;
