package dev.orderflow.payment.operation;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.payment.domain.IntentStatus;
import dev.orderflow.payment.domain.OperationResult;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentOperationType;
import dev.orderflow.payment.domain.PaymentState.Refunding;
import dev.orderflow.payment.domain.PaymentState.UnknownOutcome;
import dev.orderflow.payment.domain.PaymentStateMachine;
import dev.orderflow.payment.domain.StatusUpdate.Contradiction;
import dev.orderflow.payment.domain.StatusUpdate.NoStateChange;
import dev.orderflow.payment.domain.StatusUpdate.StateChange;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/// Stores payments together with the list of unknown outcomes.
@Component
final class PaymentStore {

    private static final Logger log = LoggerFactory.getLogger(PaymentStore.class);

    private final Payments payments;
    private final PaymentOperations operations;
    private final UnknownOutcomes unknown;
    private final TransactionOperations transactions;
    private final PaymentMeters meters;
    private final Duration lease;

    PaymentStore(
            Payments payments,
            PaymentOperations operations,
            UnknownOutcomes unknown,
            TransactionOperations transactions,
            PaymentMeters meters,
            PaymentProperties properties) {
        this.payments = payments;
        this.operations = operations;
        this.unknown = unknown;
        this.transactions = transactions;
        this.meters = meters;
        this.lease = properties.lease();
    }

    /// Stores a locked payment in the caller's transaction, and removes its unknown outcome if the
    /// outcome is known now.
    void save(Payment stored, Payment now) {
        if (!now.equals(stored)) {
            payments.save(now);
        }
        if (!(now.state() instanceof UnknownOutcome)) {
            unknown.remove(now.orderId());
        }
    }

    /// Stores a locked payment before a call to the gateway, in the caller's transaction, and
    /// registers its outcome as unknown.
    void saveBeforeCall(Payment stored, Payment ahead) {
        save(stored, ahead);
        if (ahead.state() instanceof UnknownOutcome) {
            unknown.register(ahead.orderId(), lease);
        }
    }

    /// Applies a status reported by the gateway to a payment, without storing it.
    ///
    /// @param failureStored whether the gateway has stored a failure under the current idempotency
    ///     key, so that the next call needs another one
    Payment applyStatus(Payment payment, IntentStatus status, boolean failureStored) {
        return switch (PaymentStateMachine.applyStatus(payment.state(), status)) {
            case StateChange(var next) -> payment.withState(next);
            case NoStateChange _ ->
                    failureStored
                                    && payment.state() instanceof UnknownOutcome pending
                                    && canUseNextKey(pending, status)
                            ? payment.withNextKey()
                            : payment;
            case Contradiction(var description) -> {
                log.error(
                        "order {}: the gateway contradicts the stored payment: {}",
                        payment.orderId(),
                        description);
                meters.countContradiction();
                yield payment;
            }
        };
    }

    /// Stores that the pending refund was made, together with the result of its operation, in the
    /// caller's transaction. Does nothing if the payment has no pending refund with this key.
    ///
    /// @param key the idempotency key of the refund request
    /// @param refundedAtGateway the sum of all refunds at the gateway; null when it is not known
    /// @return the stored payment
    Payment completeRefund(Payment stored, String key, @Nullable Money refundedAtGateway) {
        if (!(stored.state() instanceof Refunding refunding)
                || !refunding.refund().key().equals(key)) {
            return stored;
        }
        var done = refunding.stateWhenDone();
        var now = stored.withState(done);
        save(stored, now);
        var all =
                refundedAtGateway != null && done.refunded().isWithin(refundedAtGateway)
                        ? refundedAtGateway
                        : done.refunded();
        var _ =
                operations.complete(
                        key,
                        new OperationResult.RefundSucceeded(
                                refunding.refund().amount(), refunding.captured(), all));
        return now;
    }

    /// Reports that it cannot be decided whether a refund was made. An operator must check.
    void reportAmbiguousRefund(UUID orderId) {
        log.error(
                "order {}: cannot decide whether the pending refund was made: the gateway has a"
                        + " refund of the same amount without a refund_key; set its refund_key in"
                        + " the dashboard",
                orderId);
        meters.countContradiction();
    }

    /// The gateway confirms, captures and cancels an intent at most once under any key, so another
    /// key is safe. An intent can be refunded several times, so a refund keeps its key.
    private static boolean canUseNextKey(UnknownOutcome state, IntentStatus status) {
        return state.operation() != PaymentOperationType.REFUND
                && PaymentStateMachine.isNotDone(state, status);
    }

    /// Stores the next key number, unless the payment was changed meanwhile.
    ///
    /// @param seen the payment as the caller has read it
    /// @return the stored payment
    Payment useNextKey(Payment seen) {
        var now =
                transactions.execute(
                        _ -> {
                            var stored = payments.findForUpdate(seen.orderId()).orElseThrow();
                            if (!stored.equals(seen)) {
                                return stored;
                            }
                            var next = stored.withNextKey();
                            payments.save(next);
                            return next;
                        });
        return Objects.requireNonNull(now);
    }

    /// Schedules the next retrieval of the status, if the outcome is unknown.
    void scheduleStatusCheck(UUID orderId, Duration delay) {
        unknown.scheduleStatusCheck(orderId, delay);
    }
}
