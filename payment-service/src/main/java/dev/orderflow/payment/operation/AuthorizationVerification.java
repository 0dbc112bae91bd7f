package dev.orderflow.payment.operation;

import dev.orderflow.payment.domain.Payment;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Whether an order may be dispatched, because its amount can be captured afterwards.
public sealed interface AuthorizationVerification {

    /// The authorisation was verified.
    ///
    /// @param dispatchAllowed whether the amount is captured already, or authorised for longer
    ///     than booking and capture take
    /// @param authorizedUntil when the authorisation expires; null when there is none or it does
    ///     not expire
    record AuthorizationVerified(
            Payment payment, boolean dispatchAllowed, @Nullable Instant authorizedUntil)
            implements AuthorizationVerification {}

    /// The order has no payment.
    record PaymentMissing() implements AuthorizationVerification {}

    /// An operation of the payment has no outcome yet. Retry later.
    record OperationPending(Payment payment) implements AuthorizationVerification {}

    /// The status could not be retrieved from the gateway. Retry later.
    record AuthorizationStatusUnavailable() implements AuthorizationVerification {}
}
