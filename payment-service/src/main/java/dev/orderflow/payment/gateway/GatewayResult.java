package dev.orderflow.payment.gateway;

import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.IntentStatus;

/// What came of a call to the gateway.
public sealed interface GatewayResult {

    /// The gateway says how the intent stands.
    record StatusReported(IntentId intent, IntentStatus status) implements GatewayResult {}

    /// The gateway refuses the means of payment. Nothing is charged.
    record PaymentMethodDeclined(String code) implements GatewayResult {}

    /// The gateway will not do it, and repeating it does not help. Nothing was done by this call.
    ///
    /// @param code the gateway's own
    record RequestRefused(String code, RefusalSubject subject) implements GatewayResult {}

    /// What a refusal is about.
    enum RefusalSubject {
        /// The amount or its currency: another order might be paid.
        AMOUNT,
        /// The hold: its time is over, so it can never be captured.
        AUTHORIZATION,
        /// Anything else, such as a request that is not what the gateway wants.
        OTHER
    }

    /// The gateway knows the idempotency key with other parameters, for instance those of an older
    /// release. Nothing was done by this call; whether the first one was is open.
    record KeyConflict() implements GatewayResult {}

    /// The gateway was not reached, or turned us away at the door. Nothing was done by this call,
    /// and the same call may succeed later.
    record GatewayUnreachable(String reason) implements GatewayResult {}

    /// Nobody knows whether it was done.
    ///
    /// @param keySpent whether the gateway answered with a failure that it will repeat under the
    ///     same key
    record ResultUnknown(String reason, boolean failureStored) implements GatewayResult {}
}
