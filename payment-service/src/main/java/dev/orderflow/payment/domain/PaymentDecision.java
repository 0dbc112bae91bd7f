package dev.orderflow.payment.domain;

/// What to do with a command, given the current state of the payment.
public sealed interface PaymentDecision {

    /// Call the gateway.
    ///
    /// @param before the state to store before the call
    record CallGateway(PaymentState before) implements PaymentDecision {}

    /// Complete the operation without a call to the gateway.
    ///
    /// @param after the state to store
    /// @param result the result to store
    record CompleteOperation(PaymentState after, OperationResult result)
            implements PaymentDecision {}

    /// Refuse the command. No result is stored, so the same request may succeed later.
    record RefuseOperation(PaymentRefusal refusal) implements PaymentDecision {}

    /// Why a command is refused.
    enum PaymentRefusal {
        /// The order has no payment.
        NO_PAYMENT,
        /// The order was authorised under another idempotency key.
        AUTHORIZATION_EXISTS,
        /// An earlier operation of the payment has no outcome yet; the request may succeed later.
        OPERATION_PENDING,
        /// The payment was declined.
        NOT_CAPTURABLE,
        /// More is to be captured than was authorised.
        EXCEEDS_AUTHORIZED,
        /// More is to be refunded than is left of what was captured.
        EXCEEDS_REFUNDABLE,
        /// The amount is in another currency than the payment.
        CURRENCY_NOT_ALLOWED,
        /// The payment was captured before, with another amount.
        CAPTURED_DIFFERENTLY,
        /// Nothing was captured, so nothing can be refunded.
        NOT_CAPTURED,
        /// The whole captured amount is refunded already.
        ALREADY_REFUNDED,
        /// The refunds of the order would exceed the limit of the command.
        EXCEEDS_REFUND_LIMIT
    }
}
