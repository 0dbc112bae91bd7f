package dev.orderflow.payment.domain;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Money;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The one payment of an order.
///
/// @param customer null on a tombstone, a payment that was voided before it was authorised
/// @param amount the amount to authorise; null on a tombstone
/// @param keyNumber the number of the idempotency key for the next call to the gateway, from 1. It
///     only grows: a gateway repeats a stored result for as long as it keeps the key, so a number
///     that was replaced is never used again.
public record Payment(
        UUID orderId,
        UUID paymentId,
        @Nullable CustomerRef customer,
        @Nullable Money amount,
        PaymentState state,
        int keyNumber) {

    public Payment {
        if (keyNumber < 1) {
            throw new IllegalArgumentException("keyNumber must be at least 1 but was " + keyNumber);
        }
        if (amount == null && !(state instanceof PaymentState.Voided)) {
            throw new IllegalArgumentException(
                    "amount must not be null unless the payment is voided");
        }
    }

    /// The payment with another state. Each refund has a key of its own, so the key number grows
    /// when a refund ends.
    public Payment withState(PaymentState next) {
        boolean refundEnds =
                state instanceof PaymentState.Refunding
                        && !(next instanceof PaymentState.Refunding);
        return new Payment(
                orderId, paymentId, customer, amount, next, refundEnds ? keyNumber + 1 : keyNumber);
    }

    /// The payment with the next key number, for when the gateway has stored a failure or another
    /// request under the current key.
    public Payment withNextKey() {
        return new Payment(orderId, paymentId, customer, amount, state, keyNumber + 1);
    }
}
