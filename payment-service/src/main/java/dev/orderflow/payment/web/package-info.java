/// The internal API of payments.
///
/// Guarantee: an answer is the rendering of a stored value, so a repeat is answered byte for byte
/// as the first time, with `Idempotency-Replayed: true`; whatever is sent, malformed or hostile,
/// gets a typed problem. Limit: a stored answer tells what was true then; what is true now is at
/// `GET /internal/payments/{orderId}`.
@NullMarked
package dev.orderflow.payment.web;

import org.jspecify.annotations.NullMarked;
