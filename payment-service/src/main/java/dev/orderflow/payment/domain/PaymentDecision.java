package dev.orderflow.payment.domain;

/// What a request means for a payment as it stands.
public sealed interface PaymentDecision {

    /// The gateway is to be asked.
    ///
    /// @param before the state to store before it is asked
    record CallGateway(PaymentState before) implements PaymentDecision {}

    /// The gateway need not be asked.
    record CompleteOperation(PaymentState after, OperationResult result)
            implements PaymentDecision {}

    /// Not now, or not ever; nothing is stored.
    record RefuseOperation(PaymentRefusal refusal) implements PaymentDecision {}

    /// Why a request is refused.
    enum PaymentRefusal {
        /// No payment is known for the order.
        NO_PAYMENT,
        /// Another authorisation, under another key, was there first.
        AUTHORIZATION_EXISTS,
        /// What came before has no outcome yet; the same request may succeed later.
        OPERATION_PENDING,
        /// The payment was declined.
        NOT_CAPTURABLE,
        /// More than is held or taken, or in another currency, or another amount than the first
        /// time.
        AMOUNT_NOT_ALLOWED,
        /// Nothing was taken, so nothing can be given back.
        NOT_CAPTURED,
        /// All of it was given back before.
        ALREADY_REFUNDED
    }
}
