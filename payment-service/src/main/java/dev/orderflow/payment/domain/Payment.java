package dev.orderflow.payment.domain;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The one payment of an order.
///
/// @param amount what was asked to be held; none on a tombstone that came before the authorisation
/// @param keyNumber which idempotency key the gateway sees for what it is asked next, from 1. A
///     gateway repeats a stored failure for as long as it keeps the key, so after such an answer
///     the next key is due.
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
            throw new IllegalArgumentException("only a tombstone has no amount");
        }
    }

    /// The payment in its next state; what is asked of the gateway anew starts with the first key.
    public Payment in(PaymentState next) {
        boolean sameQuestion = next.getClass().equals(state.getClass());
        return new Payment(
                orderId, paymentId, customer, amount, next, sameQuestion ? keyNumber : 1);
    }

    /// The same payment, after a key has become useless.
    public Payment withNextKey() {
        return new Payment(orderId, paymentId, customer, amount, state, keyNumber + 1);
    }
}
