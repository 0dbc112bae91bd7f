package dev.orderflow.payment.domain;

import dev.orderflow.contracts.value.Money;
import org.jspecify.annotations.Nullable;

/// The final result of a payment operation. It is stored under the idempotency key, and a repeated
/// request gets the stored result.
public sealed interface OperationResult {

    /// The name under which the result is stored and reported.
    default String name() {
        return switch (this) {
            case OperationSucceeded(var state, var _) -> state.name();
            case RefundSucceeded _ -> PaymentStateCode.REFUNDED.name();
            case AuthorizationDeclined _ -> "DECLINED";
            case AlreadyVoided _ -> "ALREADY_VOIDED";
            case AlreadyCaptured _ -> "ALREADY_CAPTURED";
        };
    }

    /// The operation succeeded.
    ///
    /// @param state [PaymentStateCode#AUTHORIZED], [PaymentStateCode#CAPTURED] or
    ///     [PaymentStateCode#VOIDED]
    /// @param amount the authorised or captured amount; null after a void
    record OperationSucceeded(PaymentStateCode state, @Nullable Money amount)
            implements OperationResult {}

    /// The refund succeeded.
    ///
    /// @param amount the amount of this refund
    /// @param captured the captured amount of the payment
    /// @param refunded the sum of all refunds of the payment, this one included
    record RefundSucceeded(Money amount, Money captured, Money refunded)
            implements OperationResult {}

    /// The gateway declined the payment method.
    ///
    /// @param code the gateway's decline code
    record AuthorizationDeclined(String code) implements OperationResult {}

    /// The payment is voided already.
    record AlreadyVoided() implements OperationResult {}

    /// The payment is captured already. A void is no longer possible; refund it instead.
    record AlreadyCaptured() implements OperationResult {}
}
