package dev.orderflow.payment.operation;

import dev.orderflow.payment.domain.Payment;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Whether an order may be dispatched because its money can be captured afterwards.
public sealed interface AuthorizationVerification {

    /// The gateway has told.
    ///
    /// @param lasts whether the money is held for longer than booking and capture take, or is
    ///     captured already
    /// @param until when the hold ends, if there is one
    record AuthorizationVerified(
            Payment payment, boolean dispatchAllowed, @Nullable Instant authorizedUntil)
            implements AuthorizationVerification {}

    /// The order has no payment.
    record PaymentMissing() implements AuthorizationVerification {}

    /// What came before has no outcome yet: come back.
    record OperationPending(Payment payment) implements AuthorizationVerification {}

    /// The gateway did not tell: come back.
    record AuthorizationStatusUnavailable() implements AuthorizationVerification {}
}
