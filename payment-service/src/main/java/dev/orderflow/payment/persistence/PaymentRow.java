package dev.orderflow.payment.persistence;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentOperationType;
import dev.orderflow.payment.domain.PaymentState;
import dev.orderflow.payment.domain.PaymentState.Authorized;
import dev.orderflow.payment.domain.PaymentState.Captured;
import dev.orderflow.payment.domain.PaymentState.Capturing;
import dev.orderflow.payment.domain.PaymentState.Confirming;
import dev.orderflow.payment.domain.PaymentState.Declined;
import dev.orderflow.payment.domain.PaymentState.IntentCreated;
import dev.orderflow.payment.domain.PaymentState.PendingRefund;
import dev.orderflow.payment.domain.PaymentState.Refunded;
import dev.orderflow.payment.domain.PaymentState.Refunding;
import dev.orderflow.payment.domain.PaymentState.Requested;
import dev.orderflow.payment.domain.PaymentState.UnknownOutcome;
import dev.orderflow.payment.domain.PaymentState.Voided;
import dev.orderflow.payment.domain.PaymentState.Voiding;
import dev.orderflow.payment.domain.PaymentStateCode;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A row of the table `payment`.
@Entity
@Table(name = "payment")
class PaymentRow {

    @Id
    @Column(name = "order_id")
    private UUID orderId;

    @Column(name = "payment_id")
    private UUID paymentId;

    @Column(name = "customer_ref")
    private @Nullable String customerRef;

    private @Nullable BigDecimal amount;

    private @Nullable String currency;

    @Enumerated(EnumType.STRING)
    private PaymentStateCode state;

    @Enumerated(EnumType.STRING)
    private @Nullable PaymentOperationType pendingOperation;

    @Column(name = "intent_id")
    private @Nullable String intentId;

    @Column(name = "decline_code")
    private @Nullable String declineCode;

    @Column(name = "captured_amount")
    private @Nullable BigDecimal capturedAmount;

    @Column(name = "refunded_amount")
    private @Nullable BigDecimal refundedAmount;

    @Column(name = "refund_key")
    private @Nullable String refundKey;

    @Column(name = "refund_amount")
    private @Nullable BigDecimal refundAmount;

    @Column(name = "key_number")
    private int keyNumber;

    /// Required by JPA.
    @SuppressWarnings("NullAway.Init")
    protected PaymentRow() {}

    void write(Payment payment) {
        paymentId = payment.paymentId();
        customerRef = payment.customer() == null ? null : payment.customer().value();
        amount = payment.amount() == null ? null : payment.amount().amount();
        currency = payment.amount() == null ? null : payment.amount().currency().getCurrencyCode();
        keyNumber = payment.keyNumber();
        var current = payment.state();
        state = current.code();
        pendingOperation = current instanceof UnknownOutcome unknown ? unknown.operation() : null;
        var intent = intent(current);
        intentId = intent == null ? null : intent.value();
        declineCode = current instanceof Declined declined ? declined.declineCode() : null;
        capturedAmount = current.capturedAmount().map(Money::amount).orElse(null);
        var refunded = current.refundedAmount();
        refundedAmount = refunded.map(Money::amount).orElse(null);
        var refund = current instanceof Refunding refunding ? refunding.refund() : null;
        refundKey = refund == null ? null : refund.key();
        refundAmount = refund == null ? null : refund.amount().amount();
    }

    private static @Nullable IntentId intent(PaymentState state) {
        return switch (state) {
            case Requested _ -> null;
            case IntentCreated(var intent) -> intent;
            case Confirming(var intent) -> intent;
            case Capturing(var intent) -> intent;
            case Voiding(var intent) -> intent;
            case Refunding(var intent, var _, var _, var _) -> intent;
            case Authorized(var intent) -> intent;
            case Declined(var intent, var _) -> intent;
            case Captured(var intent, var _) -> intent;
            case Refunded(var intent, var _, var _) -> intent;
            case Voided(var intent) -> intent;
        };
    }

    Payment read() {
        return new Payment(
                orderId,
                paymentId,
                customerRef == null ? null : new CustomerRef(customerRef),
                money(amount),
                state(),
                keyNumber);
    }

    private PaymentState state() {
        return switch (state) {
            case REQUESTED -> intentId == null ? new Requested() : new IntentCreated(intent());
            case UNKNOWN ->
                    switch (Objects.requireNonNull(pendingOperation)) {
                        case AUTHORIZATION -> new Confirming(intent());
                        case CAPTURE -> new Capturing(intent());
                        case VOID -> new Voiding(intent());
                        case REFUND ->
                                new Refunding(
                                        intent(),
                                        captured(),
                                        money(refundedAmount),
                                        new PendingRefund(
                                                Objects.requireNonNull(refundKey),
                                                Objects.requireNonNull(money(refundAmount))));
                    };
            case AUTHORIZED -> new Authorized(intent());
            case DECLINED ->
                    new Declined(
                            intentId == null ? null : intent(),
                            Objects.requireNonNull(declineCode));
            case CAPTURED -> new Captured(intent(), captured());
            case REFUNDED ->
                    new Refunded(
                            intent(), captured(), Objects.requireNonNull(money(refundedAmount)));
            case VOIDED -> new Voided(intentId == null ? null : intent());
        };
    }

    private IntentId intent() {
        return new IntentId(Objects.requireNonNull(intentId));
    }

    private Money captured() {
        return Objects.requireNonNull(money(capturedAmount));
    }

    private @Nullable Money money(@Nullable BigDecimal stored) {
        return stored == null || currency == null ? null : Money.of(stored, currency);
    }
}
