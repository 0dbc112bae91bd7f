package dev.orderflow.payment.gateway;

import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.IntentStatus;

/// The result of a call to the gateway.
public sealed interface GatewayResult {

    /// The gateway reported the status of the intent.
    record StatusReported(IntentId intent, IntentStatus status) implements GatewayResult {}

    /// The gateway declined the payment method. Nothing is charged.
    ///
    /// @param code the gateway's decline code
    record PaymentMethodDeclined(String code) implements GatewayResult {}

    /// The gateway refused the request permanently. This call did nothing.
    ///
    /// @param code the gateway's error code
    /// @param subject what the refusal is about
    record RequestRefused(String code, RefusalSubject subject) implements GatewayResult {}

    /// What a refusal is about.
    enum RefusalSubject {
        /// The amount or its currency; another amount might be accepted.
        AMOUNT,
        /// The authorisation has expired and can never be captured.
        AUTHORIZATION,
        /// Anything else, such as an invalid request.
        OTHER
    }

    /// The gateway knows the idempotency key with other parameters, for instance those of an older
    /// release. This call did nothing; the outcome of the earlier call is unknown.
    record KeyConflict() implements GatewayResult {}

    /// There was no connection, or the gateway rejected the call before processing it (rate limit,
    /// API key). This call did nothing, and the same call may succeed later.
    record GatewayUnreachable(String reason) implements GatewayResult {}

    /// It is unknown whether the gateway has done the operation.
    ///
    /// @param failureStored whether the gateway has stored a failure under the idempotency key,
    ///     so that the same key returns it again
    record ResultUnknown(String reason, boolean failureStored) implements GatewayResult {}
}
