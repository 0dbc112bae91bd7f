package dev.orderflow.payment.web;

import dev.orderflow.defaults.confirmations.WaitingAction;
import dev.orderflow.defaults.confirmations.WaitingActions;
import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.idempotency.IdempotentBody;
import dev.orderflow.defaults.idempotency.RequestFingerprint;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.payment.domain.OperationCommand;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
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
    private final SecondPersonForRefundProperties properties;

    RefundConfirmation(WaitingActions waiting, SecondPersonForRefundProperties properties) {
        this.waiting = waiting;
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

    /// The largest sum of an order's refunds that one person may request. The limit is compared
    /// with the sum while the payment is locked.
    BigDecimal maxRefunded() {
        return properties.maxRefund();
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

    ConfirmedRefund read(WaitingAction action) {
        var stored = JSON.readValue(action.request(), StoredRefund.class);
        return new ConfirmedRefund(
                stored.refund().toCommand(stored.orderId(), null),
                stored.key(),
                new RequestFingerprint(stored.fingerprint()),
                action.requester());
    }
}
