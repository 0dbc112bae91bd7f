package dev.orderflow.payment.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.payment.domain.Answer;
import dev.orderflow.payment.domain.Kind;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentState;
import dev.orderflow.payment.domain.PaymentState.Declined;
import dev.orderflow.payment.domain.PaymentState.Unknown;
import dev.orderflow.payment.domain.Status;
import dev.orderflow.payment.operation.Operations.Operation;
import dev.orderflow.payment.operation.Reply.Answered;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The bodies of answers.
final class PaymentAnswers {

    private PaymentAnswers() {}

    record Amount(String amount, String currency) {

        static @Nullable Amount of(@Nullable Money money) {
            return money == null
                    ? null
                    : new Amount(
                            money.amount().toPlainString(), money.currency().getCurrencyCode());
        }
    }

    /// How much of a payment may still be given back.
    ///
    /// @param captured what was taken
    /// @param refunded what of it was given back
    /// @param refundable what of it may still be given back
    record Refundable(Amount captured, Amount refunded, Amount refundable) {

        /// @param refundedAtGateway what the gateway says was given back, which may be more than
        ///     was asked for here
        static Optional<Refundable> of(PaymentState state, @Nullable Money refundedAtGateway) {
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

        static Refundable of(Money captured, BigDecimal refunded) {
            var left = captured.amount().subtract(refunded);
            return new Refundable(
                    amount(captured.amount(), captured),
                    amount(refunded, captured),
                    amount(left.max(BigDecimal.ZERO), captured));
        }

        private static Amount amount(BigDecimal amount, Money like) {
            return new Amount(
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
    record Done(
            UUID paymentId,
            UUID orderId,
            Status paymentStatus,
            @Nullable Amount amount,
            @Nullable Amount captured,
            @Nullable Amount refunded,
            @Nullable Amount refundable) {

        static Done of(Answered answered, Answer.Done done) {
            return new Done(
                    answered.paymentId(),
                    answered.orderId(),
                    done.status(),
                    Amount.of(done.amount()),
                    null,
                    null,
                    null);
        }

        static Done of(Answered answered, Answer.GivenBack back) {
            var left = Refundable.of(back.captured(), back.refunded().amount());
            return new Done(
                    answered.paymentId(),
                    answered.orderId(),
                    Status.REFUNDED,
                    Amount.of(back.amount()),
                    left.captured(),
                    left.refunded(),
                    left.refundable());
        }
    }

    /// @param lasts whether the order may be dispatched, because its money can be captured
    ///     afterwards
    /// @param holdUntil when the hold ends
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record HoldView(
            UUID orderId, Status paymentStatus, boolean lasts, @Nullable Instant holdUntil) {}

    /// @param asked what the gateway was asked for, while its outcome is unknown
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PaymentView(
            UUID paymentId,
            UUID orderId,
            Status paymentStatus,
            @Nullable Kind asked,
            @Nullable Amount amount,
            @Nullable Amount captured,
            @Nullable Amount refunded,
            @Nullable Amount refundable,
            @Nullable String declineCode,
            List<OperationView> operations) {

        static PaymentView of(Payment payment, List<Operation> operations) {
            var state = payment.state();
            return new PaymentView(
                    payment.paymentId(),
                    payment.orderId(),
                    state.status(),
                    state instanceof Unknown unknown ? unknown.asked() : null,
                    Amount.of(payment.amount()),
                    Amount.of(state.capturedAmount().orElse(null)),
                    Amount.of(state.refundedAmount().orElse(null)),
                    Refundable.of(state, null).map(Refundable::refundable).orElse(null),
                    state instanceof Declined declined ? declined.code() : null,
                    operations.stream().map(OperationView::of).toList());
        }
    }

    /// @param answer none while it has no last word
    /// @param gatewayCode why the gateway refused it the last time, while nothing came of it since
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OperationView(
            String key,
            Kind kind,
            @Nullable String answer,
            @Nullable String gatewayCode,
            int begun,
            boolean inFlight,
            Instant createdAt,
            @Nullable Instant answeredAt) {

        static OperationView of(Operation operation) {
            return new OperationView(
                    operation.key(),
                    operation.kind(),
                    operation.answer() == null ? null : name(operation.answer()),
                    operation.gatewayCode(),
                    operation.begun(),
                    operation.leased(),
                    operation.createdAt(),
                    operation.answeredAt());
        }

        private static String name(Answer answer) {
            return switch (answer) {
                case Answer.Done(var status, var _) -> status.name();
                case Answer.GivenBack _ -> Status.REFUNDED.name();
                case Answer.Declined _ -> "DECLINED";
                case Answer.VoidedBefore _ -> "VOIDED_BEFORE";
                case Answer.CapturedBefore _ -> "CAPTURED_BEFORE";
            };
        }
    }
}
