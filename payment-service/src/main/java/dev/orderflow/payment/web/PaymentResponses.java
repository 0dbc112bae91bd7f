package dev.orderflow.payment.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.payment.domain.OperationResult;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentOperationType;
import dev.orderflow.payment.domain.PaymentState;
import dev.orderflow.payment.domain.PaymentState.Declined;
import dev.orderflow.payment.domain.PaymentState.UnknownOutcome;
import dev.orderflow.payment.domain.PaymentStateCode;
import dev.orderflow.payment.operation.PaymentOperations.StoredOperation;
import dev.orderflow.payment.operation.PaymentResult.OperationCompleted;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The bodies of responses.
final class PaymentResponses {

    private PaymentResponses() {}

    record PaymentAmountView(String amount, String currency) {

        static @Nullable PaymentAmountView of(@Nullable Money money) {
            return money == null
                    ? null
                    : new PaymentAmountView(
                            money.amount().toPlainString(), money.currency().getCurrencyCode());
        }
    }

    /// How much of a payment can still be refunded.
    ///
    /// @param captured the captured amount
    /// @param refunded the sum of the refunds
    /// @param refundable the rest, which can still be refunded
    record RefundableAmounts(
            PaymentAmountView captured, PaymentAmountView refunded, PaymentAmountView refundable) {

        /// Calculates the amounts of a payment; empty while nothing is captured.
        ///
        /// @param refundedAtGateway the sum of the refunds at the gateway, which may be more than
        ///     was requested here; null when it is not known
        static Optional<RefundableAmounts> of(
                PaymentState state, @Nullable Money refundedAtGateway) {
            return state.capturedAmount()
                    .map(
                            captured -> {
                                var requestedHere = state.refundedAmount().map(Money::amount);
                                var refunded = requestedHere.orElse(BigDecimal.ZERO);
                                if (refundedAtGateway != null) {
                                    refunded = refunded.max(refundedAtGateway.amount());
                                }
                                return of(captured, refunded);
                            });
        }

        static RefundableAmounts of(Money captured, BigDecimal refunded) {
            var remaining = captured.amount().subtract(refunded);
            return new RefundableAmounts(
                    amount(captured.amount(), captured),
                    amount(refunded, captured),
                    amount(remaining.max(BigDecimal.ZERO), captured));
        }

        private static PaymentAmountView amount(BigDecimal amount, Money unit) {
            return new PaymentAmountView(
                    amount.setScale(unit.amount().scale(), RoundingMode.UNNECESSARY)
                            .toPlainString(),
                    unit.currency().getCurrencyCode());
        }

        Problem addTo(Problem problem) {
            return problem.with("captured", captured)
                    .with("refunded", refunded)
                    .with("refundable", refundable);
        }
    }

    /// A successful operation. `captured`, `refunded` and `refundable` are present after a refund.
    ///
    /// @param amount the amount of this operation; null after a void
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OperationResponse(
            UUID paymentId,
            UUID orderId,
            PaymentStateCode state,
            @Nullable PaymentAmountView amount,
            @Nullable PaymentAmountView captured,
            @Nullable PaymentAmountView refunded,
            @Nullable PaymentAmountView refundable) {

        static OperationResponse of(
                OperationCompleted completed, OperationResult.OperationSucceeded succeeded) {
            return new OperationResponse(
                    completed.paymentId(),
                    completed.orderId(),
                    succeeded.state(),
                    PaymentAmountView.of(succeeded.amount()),
                    null,
                    null,
                    null);
        }

        static OperationResponse of(
                OperationCompleted completed, OperationResult.RefundSucceeded refund) {
            var remaining = RefundableAmounts.of(refund.captured(), refund.refunded().amount());
            return new OperationResponse(
                    completed.paymentId(),
                    completed.orderId(),
                    PaymentStateCode.REFUNDED,
                    PaymentAmountView.of(refund.amount()),
                    remaining.captured(),
                    remaining.refunded(),
                    remaining.refundable());
        }
    }

    /// @param dispatchAllowed whether the order may be dispatched, because its amount can be
    ///     captured afterwards
    /// @param authorizedUntil when the authorisation expires
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AuthorizationVerificationView(
            UUID orderId,
            PaymentStateCode state,
            boolean dispatchAllowed,
            @Nullable Instant authorizedUntil) {}

    /// @param pendingOperation the operation whose outcome is unknown
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PaymentView(
            UUID paymentId,
            UUID orderId,
            PaymentStateCode state,
            @Nullable PaymentOperationType pendingOperation,
            @Nullable PaymentAmountView amount,
            @Nullable PaymentAmountView captured,
            @Nullable PaymentAmountView refunded,
            @Nullable PaymentAmountView refundable,
            @Nullable String declineCode,
            List<OperationView> operations) {

        static PaymentView of(Payment payment, List<StoredOperation> operations) {
            var state = payment.state();
            return new PaymentView(
                    payment.paymentId(),
                    payment.orderId(),
                    state.code(),
                    state instanceof UnknownOutcome unknown ? unknown.operation() : null,
                    PaymentAmountView.of(payment.amount()),
                    PaymentAmountView.of(state.capturedAmount().orElse(null)),
                    PaymentAmountView.of(state.refundedAmount().orElse(null)),
                    RefundableAmounts.of(state, null)
                            .map(RefundableAmounts::refundable)
                            .orElse(null),
                    state instanceof Declined declined ? declined.declineCode() : null,
                    operations.stream().map(OperationView::of).toList());
        }
    }

    /// @param requestedBy the subject of the operator who requested it; absent for the workflow
    /// @param result null while the operation has no result
    /// @param gatewayCode the error code of the gateway's last refusal, while the operation has no
    ///     result
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OperationView(
            String key,
            PaymentOperationType type,
            @Nullable String requestedBy,
            @Nullable String requestedByName,
            @Nullable String result,
            @Nullable String gatewayCode,
            int attempts,
            boolean inFlight,
            Instant createdAt,
            @Nullable Instant completedAt) {

        static OperationView of(StoredOperation operation) {
            return new OperationView(
                    operation.key(),
                    operation.type(),
                    operation.requestedBy(),
                    operation.requestedByName(),
                    operation.result() == null ? null : operation.result().name(),
                    operation.gatewayCode(),
                    operation.attempts(),
                    operation.leased(),
                    operation.createdAt(),
                    operation.completedAt());
        }
    }
}
