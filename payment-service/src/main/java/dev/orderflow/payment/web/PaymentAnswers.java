package dev.orderflow.payment.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.payment.domain.Answer;
import dev.orderflow.payment.domain.Kind;
import dev.orderflow.payment.domain.Money;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentState.Captured;
import dev.orderflow.payment.domain.PaymentState.Declined;
import dev.orderflow.payment.domain.PaymentState.Refunded;
import dev.orderflow.payment.domain.PaymentState.Refunding;
import dev.orderflow.payment.domain.PaymentState.Unknown;
import dev.orderflow.payment.domain.Status;
import dev.orderflow.payment.operation.Operations.Operation;
import java.time.Instant;
import java.util.List;
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

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Done(UUID paymentId, UUID orderId, Status status, @Nullable Amount amount) {}

    /// @param asked what the gateway was asked for, while its outcome is unknown
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PaymentView(
            UUID paymentId,
            UUID orderId,
            Status status,
            @Nullable Kind asked,
            @Nullable Amount amount,
            @Nullable Amount captured,
            @Nullable Amount refunded,
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
                    Amount.of(
                            switch (state) {
                                case Captured(var _, var captured) -> captured;
                                case Refunding(var _, var captured) -> captured;
                                case Refunded(var _, var captured, var _) -> captured;
                                default -> null;
                            }),
                    Amount.of(state instanceof Refunded refunded ? refunded.refunded() : null),
                    state instanceof Declined declined ? declined.code() : null,
                    operations.stream().map(OperationView::of).toList());
        }
    }

    /// @param answer none while it has no last word
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OperationView(
            String key,
            Kind kind,
            @Nullable String answer,
            int begun,
            boolean inFlight,
            Instant createdAt,
            @Nullable Instant answeredAt) {

        static OperationView of(Operation operation) {
            return new OperationView(
                    operation.key(),
                    operation.kind(),
                    operation.answer() == null ? null : name(operation.answer()),
                    operation.begun(),
                    operation.leased(),
                    operation.createdAt(),
                    operation.answeredAt());
        }

        private static String name(Answer answer) {
            return switch (answer) {
                case Answer.Done(var status, var _) -> status.name();
                case Answer.Declined _ -> "DECLINED";
                case Answer.VoidedBefore _ -> "VOIDED_BEFORE";
                case Answer.CapturedBefore _ -> "CAPTURED_BEFORE";
            };
        }
    }
}
