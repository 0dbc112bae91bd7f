package dev.orderflow.payment.domain;

/// What a request means for a payment as it stands.
public sealed interface Decision {

    /// The gateway is to be asked.
    ///
    /// @param before the state to store before it is asked
    record Proceed(PaymentState before) implements Decision {}

    /// The gateway need not be asked.
    record Settled(PaymentState after, Answer answer) implements Decision {}

    /// Not now, or not ever; nothing is stored.
    record Refuse(Refusal refusal) implements Decision {}

    /// Why a request is refused.
    enum Refusal {
        /// No payment is known for the order.
        NO_PAYMENT,
        /// Another authorisation, under another key, was there first.
        AUTHORIZATION_EXISTS,
        /// What came before has no outcome yet; the same request may succeed later.
        NOT_SETTLED,
        /// The payment was declined.
        NOT_CAPTURABLE,
        /// More than is held or taken, or in another currency, or another amount than the first
        /// time.
        OTHER_AMOUNT,
        /// Nothing was taken, so nothing can be given back.
        NOT_CAPTURED,
        /// All of it was given back before.
        REFUNDED_BEFORE
    }
}
