package dev.orderflow.payment.operation;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.payment.domain.OperationResult;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentDecision.PaymentRefusal;
import dev.orderflow.payment.gateway.GatewayResult.RefusalSubject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The result of a request for a payment operation.
public sealed interface PaymentResult {

    /// The operation has a result.
    ///
    /// @param replayed whether the result was stored by an earlier request
    record OperationCompleted(
            UUID paymentId, UUID orderId, OperationResult result, boolean replayed)
            implements PaymentResult {}

    /// Another request with the same key is being processed. Retry later.
    record RequestInFlight() implements PaymentResult {}

    /// The key was used with a different request.
    record IdempotencyKeyReused() implements PaymentResult {}

    /// The state of the payment does not allow the operation.
    ///
    /// @param payment null when the order has no payment
    record PaymentRefused(PaymentRefusal refusal, @Nullable Payment payment)
            implements PaymentResult {}

    /// The gateway refused the operation permanently. A retry fails until the cause is fixed.
    ///
    /// @param code the gateway's error code
    /// @param refundedAtGateway the sum of all refunds at the gateway, when a refund was refused
    ///     and the status could be retrieved; otherwise null
    record GatewayRefused(
            String code, RefusalSubject subject, Payment payment, @Nullable Money refundedAtGateway)
            implements PaymentResult {}

    /// The request was sent to the gateway and its outcome is unknown. Retry with the same key.
    record OutcomeUnknown() implements PaymentResult {}

    /// The gateway could not be reached and did nothing. Retry with the same key.
    record GatewayUnavailable() implements PaymentResult {}

    /// It is unknown whether the gateway has created an intent. Nothing is charged, since only a
    /// stored intent is confirmed. Retry with the same key.
    record IntentCreationUnknown() implements PaymentResult {}
}
