package dev.orderflow.payment.domain;

import dev.orderflow.contracts.value.Money;
import org.jspecify.annotations.Nullable;

/// The last word on a request, stored and given again to whoever repeats it.
public sealed interface Answer {

    /// What was asked for is so.
    ///
    /// @param status [Status#AUTHORIZED], [Status#CAPTURED] or [Status#VOIDED]
    /// @param amount what is held or taken; none after a void
    record Done(Status status, @Nullable Money amount) implements Answer {}

    /// The money was given back.
    ///
    /// @param amount what this request gave back
    /// @param captured what was taken
    /// @param refunded all that was given back by then
    record GivenBack(Money amount, Money captured, Money refunded) implements Answer {}

    /// The gateway refused the means of payment.
    record Declined(String code) implements Answer {}

    /// A void came first.
    record VoidedBefore() implements Answer {}

    /// The money is taken already: a void comes too late, a refund is needed.
    record CapturedBefore() implements Answer {}
}
