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

/// Keeps a payment and the list of unknown outcomes in step.
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

    /// Stores what a locked payment has become, in the caller's transaction.
    void save(Payment stored, Payment now) {
        if (!now.equals(stored)) {
            payments.save(now);
        }
        if (!(now.state() instanceof UnknownOutcome)) {
            unknown.remove(now.orderId());
        }
    }

    /// Stores what a locked payment has become before the gateway is asked for something.
    void saveBeforeCall(Payment stored, Payment ahead) {
        save(stored, ahead);
        if (ahead.state() instanceof UnknownOutcome) {
            unknown.register(ahead.orderId(), lease);
        }
    }

    /// The payment after a report of the gateway.
    ///
    /// @param keySpent whether the gateway would repeat a failure under the key it was asked with
    Payment applyStatus(Payment payment, IntentStatus standing, boolean keySpent) {
        return switch (PaymentStateMachine.applyStatus(payment.state(), standing)) {
            case StateChange(var next) -> payment.withState(next);
            case NoStateChange _ ->
                    keySpent
                                    && payment.state() instanceof UnknownOutcome unknownState
                                    && canUseNextKey(unknownState, standing)
                            ? payment.withNextKey()
                            : payment;
            case Contradiction(var what) -> {
                log.error("order {}: {}", payment.orderId(), what);
                meters.countContradiction();
                yield payment;
            }
        };
    }

    /// The refund under way was made: stores that and the answer to whoever asked for it, in the
    /// caller's transaction, unless somebody else has done so before.
    ///
    /// @param key the idempotency key of the request that asked for it
    /// @param refundedAtGateway all that was given back there, if it told
    /// @return the payment as it is now
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
        var unused =
                operations.complete(
                        key,
                        new OperationResult.RefundSucceeded(
                                refunding.refund().amount(), refunding.captured(), all));
        return now;
    }

    /// Nobody can tell whether a refund was made; a person must look.
    void reportAmbiguousRefund(UUID orderId) {
        log.error(
                "order {}: a refund of the same amount does not say who asked for it, so nobody can"
                        + " tell whether the one under way was made",
                orderId);
        meters.countContradiction();
    }

    /// An intent is confirmed, taken and cancelled at most once under whatever key, so a second
    /// key can do no harm. It can be refunded several times: there the first key is kept.
    private static boolean canUseNextKey(UnknownOutcome state, IntentStatus standing) {
        return state.operation() != PaymentOperationType.REFUND
                && PaymentStateMachine.isNotDone(state, standing);
    }

    /// Leaves a key behind under which the gateway repeats an answer that is of no use.
    ///
    /// @return the payment as it is now
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

    /// Has somebody ask again after a delay, if the outcome is open.
    void scheduleStatusCheck(UUID orderId, Duration delay) {
        unknown.scheduleStatusCheck(orderId, delay);
    }
}
