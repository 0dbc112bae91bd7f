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
import dev.orderflow.payment.domain.PaymentStatus;
import dev.orderflow.payment.operation.PaymentOperations.StoredOperation;
import dev.orderflow.payment.operation.PaymentResult.OperationCompleted;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The bodies of answers.
final class PaymentResponses {

    private PaymentResponses() {}

    record AmountView(String amount, String currency) {

        static @Nullable AmountView of(@Nullable Money money) {
            return money == null
                    ? null
                    : new AmountView(
                            money.amount().toPlainString(), money.currency().getCurrencyCode());
        }
    }

    /// How much of a payment may still be given back.
    ///
    /// @param captured what was taken
    /// @param refunded what of it was given back
    /// @param refundable what of it may still be given back
    record RefundableAmounts(AmountView captured, AmountView refunded, AmountView refundable) {

        /// @param refundedAtGateway what the gateway says was given back, which may be more than
        ///     was asked for here
        static Optional<RefundableAmounts> of(
                PaymentState state, @Nullable Money refundedAtGateway) {
            return state.capturedAmount()
                    .map(
                            captured -> {
                                var here = state.refundedAmount().map(Money::amount);
                                var refunded = here.orElse(BigDecimal.ZERO);
                                if (refundedAtGateway != null) {
                                    refunded = refunded.max(refundedAtGateway.amount());
                                }
                                return of(captured, refunded);
                            });
        }

        static RefundableAmounts of(Money captured, BigDecimal refunded) {
            var left = captured.amount().subtract(refunded);
            return new RefundableAmounts(
                    amount(captured.amount(), captured),
                    amount(refunded, captured),
                    amount(left.max(BigDecimal.ZERO), captured));
        }

        private static AmountView amount(BigDecimal amount, Money like) {
            return new AmountView(
                    amount.setScale(like.amount().scale(), RoundingMode.UNNECESSARY)
                            .toPlainString(),
                    like.currency().getCurrencyCode());
        }

        Problem addTo(Problem problem) {
            return problem.with("captured", captured)
                    .with("refunded", refunded)
                    .with("refundable", refundable);
        }
    }

    /// @param captured what was taken, after a refund; with what of it was given back and what may
    ///     still be
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OperationResponse(
            UUID paymentId,
            UUID orderId,
            PaymentStatus paymentStatus,
            @Nullable AmountView amount,
            @Nullable AmountView captured,
            @Nullable AmountView refunded,
            @Nullable AmountView refundable) {

        static OperationResponse of(
                OperationCompleted answered, OperationResult.OperationSucceeded done) {
            return new OperationResponse(
                    answered.paymentId(),
                    answered.orderId(),
                    done.status(),
                    AmountView.of(done.amount()),
                    null,
                    null,
                    null);
        }

        static OperationResponse of(
                OperationCompleted answered, OperationResult.RefundSucceeded back) {
            var left = RefundableAmounts.of(back.captured(), back.refunded().amount());
            return new OperationResponse(
                    answered.paymentId(),
                    answered.orderId(),
                    PaymentStatus.REFUNDED,
                    AmountView.of(back.amount()),
                    left.captured(),
                    left.refunded(),
                    left.refundable());
        }
    }

    /// @param lasts whether the order may be dispatched, because its money can be captured
    ///     afterwards
    /// @param holdUntil when the hold ends
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AuthorizationVerificationView(
            UUID orderId,
            PaymentStatus paymentStatus,
            boolean dispatchAllowed,
            @Nullable Instant authorizedUntil) {}

    /// @param asked what the gateway was asked for, while its outcome is unknown
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PaymentView(
            UUID paymentId,
            UUID orderId,
            PaymentStatus paymentStatus,
            @Nullable PaymentOperationType pendingOperation,
            @Nullable AmountView amount,
            @Nullable AmountView captured,
            @Nullable AmountView refunded,
            @Nullable AmountView refundable,
            @Nullable String declineCode,
            List<OperationView> operations) {

        static PaymentView of(Payment payment, List<StoredOperation> operations) {
            var state = payment.state();
            return new PaymentView(
                    payment.paymentId(),
                    payment.orderId(),
                    state.status(),
                    state instanceof UnknownOutcome unknown ? unknown.operation() : null,
                    AmountView.of(payment.amount()),
                    AmountView.of(state.capturedAmount().orElse(null)),
                    AmountView.of(state.refundedAmount().orElse(null)),
                    RefundableAmounts.of(state, null)
                            .map(RefundableAmounts::refundable)
                            .orElse(null),
                    state instanceof Declined declined ? declined.code() : null,
                    operations.stream().map(OperationView::of).toList());
        }
    }

    /// @param answer none while it has no last word
    /// @param gatewayCode why the gateway refused it the last time, while nothing came of it since
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OperationView(
            String key,
            PaymentOperationType type,
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
                    operation.result() == null ? null : name(operation.result()),
                    operation.gatewayCode(),
                    operation.attempts(),
                    operation.leased(),
                    operation.createdAt(),
                    operation.completedAt());
        }

        private static String name(OperationResult answer) {
            return switch (answer) {
                case OperationResult.OperationSucceeded(var status, var _) -> status.name();
                case OperationResult.RefundSucceeded _ -> PaymentStatus.REFUNDED.name();
                case OperationResult.AuthorizationDeclined _ -> "DECLINED";
                case OperationResult.AlreadyVoided _ -> "ALREADY_VOIDED";
                case OperationResult.AlreadyCaptured _ -> "ALREADY_CAPTURED";
            };
        }
    }
}
