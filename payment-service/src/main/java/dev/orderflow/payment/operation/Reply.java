package dev.orderflow.payment.operation;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.payment.domain.Answer;
import dev.orderflow.payment.domain.Decision.Refusal;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.gateway.GatewayAnswer.Subject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a caller hears.
public sealed interface Reply {

    /// The last word on the request.
    ///
    /// @param repeated whether it was stored before, not found just now
    record Answered(UUID paymentId, UUID orderId, Answer answer, boolean repeated)
            implements Reply {}

    /// The same request is at work elsewhere: come back.
    record InFlight() implements Reply {}

    /// The key came with another request before.
    record KeyReused() implements Reply {}

    /// The payment does not allow it.
    ///
    /// @param payment none, when the order has none
    record Refused(Refusal refusal, @Nullable Payment payment) implements Reply {}

    /// The gateway refused for good: repeating it does not help until its cause is mended.
    ///
    /// @param code the gateway's own
    /// @param refundedAtGateway what was given back there, when a refund was refused and it told
    record GatewayRefused(
            String code, Subject subject, Payment payment, @Nullable Money refundedAtGateway)
            implements Reply {}

    /// The gateway was asked, and nobody knows what it did: come back with the same key.
    record OutcomeUnknown() implements Reply {}

    /// The gateway did nothing: come back with the same key.
    record GatewayUnavailable() implements Reply {}
}
