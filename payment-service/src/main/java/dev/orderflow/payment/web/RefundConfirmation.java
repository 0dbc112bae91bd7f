package dev.orderflow.payment.web;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.defaults.confirmations.WaitingAction;
import dev.orderflow.defaults.confirmations.WaitingActions;
import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.idempotency.IdempotentBody;
import dev.orderflow.defaults.idempotency.RequestFingerprint;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.payment.domain.OperationCommand;
import dev.orderflow.payment.domain.PaymentState;
import dev.orderflow.payment.operation.PaymentService;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Refunds above a limit wait for a second person. Their idempotency key is stored with them, so
/// that a repeated confirmation refunds once.
@Component
class RefundConfirmation {

    /// The name under which refunds wait.
    static final String ACTION = "refund";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final WaitingActions waiting;
    private final PaymentService service;
    private final SecondPersonForRefundProperties properties;

    RefundConfirmation(
            WaitingActions waiting,
            PaymentService service,
            SecondPersonForRefundProperties properties) {
        this.waiting = waiting;
        this.service = service;
        this.properties = properties;
    }

    /// A refund as it is stored.
    record StoredRefund(
            UUID orderId, PaymentRequests.RefundRequest refund, String key, String fingerprint) {}

    /// A refund that a second person has confirmed.
    ///
    /// @param operator who requested it
    record ConfirmedRefund(
            OperationCommand command,
            String key,
            RequestFingerprint fingerprint,
            Operator operator) {}

    /// Whether a refund needs a second person. One that was begun before does not: its confirmation
    /// was given then, or was not needed.
    boolean isRequired(OperationCommand.RefundCommand refund, IdempotencyKey key) {
        return sumOfRefunds(refund.orderId(), refund.amount()).compareTo(properties.maxRefund()) > 0
                && service.findOperation(key.value()).isEmpty();
    }

    /// Stores a refund until a second person confirms it.
    WaitingAction store(
            UUID orderId,
            IdempotencyKey key,
            IdempotentBody<PaymentRequests.RefundRequest> body,
            Operator operator) {
        var amount = body.value().amount().money();
        var request =
                JSON.writeValueAsString(
                        new StoredRefund(
                                orderId, body.value(), key.value(), body.fingerprint().text()));
        var stored =
                waiting.store(
                        UUID.nameUUIDFromBytes(
                                (ACTION + " " + key.value()).getBytes(StandardCharsets.UTF_8)),
                        ACTION,
                        orderId.toString(),
                        "refund %s %s of order %s: %s"
                                .formatted(
                                        amount.amount().toPlainString(),
                                        amount.currency(),
                                        orderId,
                                        body.value().reason()),
                        request,
                        operator);
        if (!stored.request().equals(request)) {
            throw IdempotencyKey.reused();
        }
        return stored;
    }

    /// The refund with those that the order already has: several small ones need a second person
    /// like one large one.
    private BigDecimal sumOfRefunds(UUID orderId, Money amount) {
        return service.findPayment(orderId)
                .flatMap(payment -> refundedOrPending(payment.state()))
                .map(earlier -> earlier.amount().add(amount.amount()))
                .orElse(amount.amount());
    }

    private static Optional<Money> refundedOrPending(PaymentState state) {
        return state instanceof PaymentState.Refunding refunding
                ? Optional.of(refunding.stateWhenDone().refunded())
                : state.refundedAmount();
    }

    ConfirmedRefund read(WaitingAction action) {
        var stored = JSON.readValue(action.request(), StoredRefund.class);
        return new ConfirmedRefund(
                stored.refund().toCommand(stored.orderId()),
                stored.key(),
                new RequestFingerprint(stored.fingerprint()),
                action.requester());
    }
}
