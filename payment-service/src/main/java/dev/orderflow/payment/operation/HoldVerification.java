package dev.orderflow.payment.operation;

import dev.orderflow.payment.domain.Payment;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Whether an order may be dispatched because its money can be captured afterwards.
public sealed interface HoldVerification {

    /// The gateway has told.
    ///
    /// @param lasts whether the money is held for longer than booking and capture take, or is
    ///     captured already
    /// @param until when the hold ends, if there is one
    record Verified(Payment payment, boolean lasts, @Nullable Instant until)
            implements HoldVerification {}

    /// The order has no payment.
    record NoPayment() implements HoldVerification {}

    /// What came before has no outcome yet: come back.
    record NotSettled(Payment payment) implements HoldVerification {}

    /// The gateway did not tell: come back.
    record GatewayUnavailable() implements HoldVerification {}
}
