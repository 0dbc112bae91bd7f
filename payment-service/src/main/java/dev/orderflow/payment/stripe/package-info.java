/// Stripe as the gateway, through Stripe's own Java client.
///
/// An intent is a PaymentIntent with manual capture and the order's id in its metadata.
/// Guarantee: one call of the port is one request to Stripe (a refund is followed by a look at
/// the intent), bounded by one time-out from the first byte sent to the last one read. Limit:
/// cards only, and no step in which the customer must act: such a card is declined with
/// `authentication_required`.
@NullMarked
package dev.orderflow.payment.stripe;

import org.jspecify.annotations.NullMarked;
