package dev.orderflow.payment.domain;

/// What a report of the gateway means for a payment.
public sealed interface Heard {

    /// The payment is now in another state.
    record News(PaymentState next) implements Heard {}

    /// Nothing that was not known, or a report that something newer has overtaken.
    record NoNews() implements Heard {}

    /// It cannot be: somebody else moved the money, or one of us is wrong. A person must look.
    record Contradiction(String what) implements Heard {}
}
