package dev.orderflow.payment.domain;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Money;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The one payment of an order.
///
/// @param amount what was asked to be held; none on a tombstone that came before the authorisation
/// @param keyNumber which idempotency key the gateway sees for what it is asked next, from 1. It
///     only grows: a gateway repeats a stored answer for as long as it keeps the key, so a number
///     that was left behind is never used again.
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

    /// The payment in its next state. Each refund has a key of its own, so when one is over, the
    /// next key is due.
    public Payment withState(PaymentState next) {
        boolean refundIsOver =
                state instanceof PaymentState.Refunding
                        && !(next instanceof PaymentState.Refunding);
        return new Payment(
                orderId,
                paymentId,
                customer,
                amount,
                next,
                refundIsOver ? keyNumber + 1 : keyNumber);
    }

    /// The same payment, after a key has become useless.
    public Payment withNextKey() {
        return new Payment(orderId, paymentId, customer, amount, state, keyNumber + 1);
    }
}
