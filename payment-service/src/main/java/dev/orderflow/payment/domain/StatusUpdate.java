package dev.orderflow.payment.domain;

/// What a report of the gateway means for a payment.
public sealed interface StatusUpdate {

    /// The payment is now in another state.
    record StateChange(PaymentState next) implements StatusUpdate {}

    /// Nothing that was not known, or a report that something newer has overtaken.
    record NoStateChange() implements StatusUpdate {}

    /// It cannot be: somebody else moved the money, or one of us is wrong. A person must look.
    record Contradiction(String description) implements StatusUpdate {}
}
