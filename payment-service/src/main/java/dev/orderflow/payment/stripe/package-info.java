/// The payment gateway port on Stripe, with Stripe's Java client.
///
/// An intent is a PaymentIntent with manual capture and the order id in its metadata. Guarantee:
/// one call of the port is one request to Stripe (after a refund also one that retrieves the
/// intent), and one time-out covers the whole call. Limit: cards only, and no customer
/// authentication; a card that requires it is declined with `authentication_required`.
@NullMarked
package dev.orderflow.payment.stripe;

import org.jspecify.annotations.NullMarked;
