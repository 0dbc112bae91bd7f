package dev.orderflow.payment.domain;

import dev.orderflow.contracts.value.Money;
import org.jspecify.annotations.Nullable;

/// The last word on a request, stored and given again to whoever repeats it.
public sealed interface OperationResult {

    /// What was asked for is so.
    ///
    /// @param status [Status#AUTHORIZED], [Status#CAPTURED] or [Status#VOIDED]
    /// @param amount what is held or taken; none after a void
    record OperationSucceeded(PaymentStatus status, @Nullable Money amount)
            implements OperationResult {}

    /// The money was given back.
    ///
    /// @param amount what this request gave back
    /// @param captured what was taken
    /// @param refunded all that was given back by then
    record RefundSucceeded(Money amount, Money captured, Money refunded)
            implements OperationResult {}

    /// The gateway refused the means of payment.
    record AuthorizationDeclined(String code) implements OperationResult {}

    /// A void came first.
    record AlreadyVoided() implements OperationResult {}

    /// The money is taken already: a void comes too late, a refund is needed.
    record AlreadyCaptured() implements OperationResult {}
}
