package dev.orderflow.payment.operation;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.payment.domain.OperationResult;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentDecision.PaymentRefusal;
import dev.orderflow.payment.gateway.GatewayResult.RefusalSubject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a caller hears.
public sealed interface PaymentResult {

    /// The last word on the request.
    ///
    /// @param repeated whether it was stored before, not found just now
    record OperationCompleted(
            UUID paymentId, UUID orderId, OperationResult result, boolean replayed)
            implements PaymentResult {}

    /// The same request is at work elsewhere: come back.
    record RequestInFlight() implements PaymentResult {}

    /// The key came with another request before.
    record IdempotencyKeyReused() implements PaymentResult {}

    /// The payment does not allow it.
    ///
    /// @param payment none, when the order has none
    record PaymentRefused(PaymentRefusal refusal, @Nullable Payment payment)
            implements PaymentResult {}

    /// The gateway refused for good: repeating it does not help until its cause is mended.
    ///
    /// @param code the gateway's own
    /// @param refundedAtGateway what was given back there, when a refund was refused and it told
    record GatewayRefused(
            String code, RefusalSubject subject, Payment payment, @Nullable Money refundedAtGateway)
            implements PaymentResult {}

    /// The gateway was asked, and nobody knows what it did: come back with the same key.
    record OutcomeUnknown() implements PaymentResult {}

    /// The gateway did nothing: come back with the same key.
    record GatewayUnavailable() implements PaymentResult {}
}
