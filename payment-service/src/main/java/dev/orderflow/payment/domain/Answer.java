package dev.orderflow.payment.domain;

import org.jspecify.annotations.Nullable;

/// The last word on a request, stored and given again to whoever repeats it.
public sealed interface Answer {

    /// What was asked for is so.
    ///
    /// @param status [Status#AUTHORIZED], [Status#CAPTURED], [Status#VOIDED] or [Status#REFUNDED]
    /// @param amount what is held, taken or given back; none after a void
    record Done(Status status, @Nullable Money amount) implements Answer {}

    /// The gateway refused the means of payment.
    record Declined(String code) implements Answer {}

    /// A void came first.
    record VoidedBefore() implements Answer {}

    /// The money is taken already: a void comes too late, a refund is needed.
    record CapturedBefore() implements Answer {}
}
