package dev.orderflow.payment.domain;

/// What a status reported by the gateway means for a payment.
public sealed interface StatusUpdate {

    /// The payment changes to another state.
    record StateChange(PaymentState next) implements StatusUpdate {}

    /// The status is known already, or older than the stored state.
    record NoStateChange() implements StatusUpdate {}

    /// The status contradicts the stored state: the money was moved outside of this service, or one
    /// of the two systems is wrong. An operator must check.
    record Contradiction(String description) implements StatusUpdate {}
}
