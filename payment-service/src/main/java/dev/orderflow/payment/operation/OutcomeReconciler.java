package dev.orderflow.payment.operation;

import dev.orderflow.defaults.tracing.RedactedException;
import dev.orderflow.payment.domain.IntentStatus;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentOperationType;
import dev.orderflow.payment.domain.PaymentState.Refunding;
import dev.orderflow.payment.domain.PaymentState.UnknownOutcome;
import dev.orderflow.payment.domain.PaymentState.Voiding;
import dev.orderflow.payment.domain.PaymentStateMachine;
import dev.orderflow.payment.gateway.GatewayResult;
import dev.orderflow.payment.gateway.GatewayResult.KeyConflict;
import dev.orderflow.payment.gateway.GatewayResult.RequestRefused;
import dev.orderflow.payment.gateway.GatewayResult.ResultUnknown;
import dev.orderflow.payment.gateway.GatewayResult.StatusReported;
import dev.orderflow.payment.gateway.PaymentGateway;
import dev.orderflow.payment.gateway.PaymentGateway.RefundLookup;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/// Settles outcomes that nobody came back for, by asking the gateway.
///
/// It never charges, takes or gives back: it only asks, and it cancels what is to be void until
/// the gateway has said that it is. Any number of instances may run; an outcome is claimed by one
/// at a time.
@Component
public final class OutcomeReconciler {

    private static final Logger log = LoggerFactory.getLogger(OutcomeReconciler.class);

    private final Payments payments;
    private final UnknownOutcomes unknown;
    private final PaymentStore store;
    private final PaymentGateway gateway;
    private final TransactionOperations transactions;
    private final PaymentMeters meters;
    private final PaymentProperties properties;

    OutcomeReconciler(
            Payments payments,
            UnknownOutcomes unknown,
            PaymentStore book,
            PaymentGateway gateway,
            TransactionOperations transactions,
            PaymentMeters meters,
            PaymentProperties properties) {
        this.payments = payments;
        this.unknown = unknown;
        this.store = book;
        this.gateway = gateway;
        this.transactions = transactions;
        this.meters = meters;
        this.properties = properties;
    }

    @Scheduled(
            initialDelayString = "${orderflow.payment.reconciliation.interval:5s}",
            fixedDelayString = "${orderflow.payment.reconciliation.interval:5s}")
    void onSchedule() {
        try {
            reconcileDue();
        } catch (DataAccessException | TransactionException later) {
            log.warn("unknown outcomes stay for now: {}", later.toString());
        }
    }

    /// Asks about every outcome that is due, up to a batch.
    ///
    /// @return how many it asked about
    public int reconcileDue() {
        var waits = properties.reconciliation();
        var due =
                unknown.claimDue(
                        waits.batchSize(),
                        waits.initialBackoff(),
                        waits.maxBackoff(),
                        waits.assumeNotDoneAfter());
        // At the same time, so that one that times out does not hold up the others.
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            due.forEach(one -> threads.execute(() -> reconcile(one)));
        }
        meters.setUnknownOutcomes(unknown.countOlderThan(properties.lease()));
        return due.size();
    }

    private void reconcile(UnknownOutcomes.DueOutcome due) {
        try {
            var payment = payments.findByOrder(due.orderId()).orElseThrow();
            if (!(payment.state() instanceof UnknownOutcome open)) {
                unknown.remove(due.orderId());
                return;
            }
            if (open instanceof Refunding refunding) {
                reconcileRefund(payment, refunding);
                return;
            }
            boolean keySpent = false;
            GatewayResult answer;
            if (open instanceof Voiding voiding) {
                answer = gateway.cancel(voiding.intent(), GatewayKeys.forOperation(payment));
                keySpent =
                        answer instanceof KeyConflict
                                || answer instanceof RequestRefused
                                || (answer instanceof ResultUnknown(var _, var spent) && spent);
                if (!(answer instanceof StatusReported)) {
                    answer = gateway.retrieveStatus(voiding.intent());
                }
            } else {
                answer = gateway.retrieveStatus(open.intent());
            }
            if (answer instanceof StatusReported(var _, var standing)) {
                reconcile(due, open, standing, keySpent);
            } else {
                log.warn(
                        "order {}: {} is still unknown: {}",
                        due.orderId(),
                        open.operation(),
                        answer);
            }
        } catch (RuntimeException failed) {
            log.error(
                    "order {}: asking the gateway failed",
                    due.orderId(),
                    RedactedException.of(failed));
        }
    }

    private void reconcileRefund(Payment payment, Refunding refunding) {
        var found =
                gateway.findRefund(
                        refunding.intent(),
                        refunding.refund().amount(),
                        GatewayKeys.forOperation(payment));
        switch (found) {
            case RefundLookup.RefundFound _ ->
                    reconcileRefund(
                            payment,
                            stored -> store.completeRefund(stored, refunding.refund().key(), null));
            case RefundLookup.RefundAbsent _ -> reconcileRefund(payment, this::assumeRefundAbsent);
            case RefundLookup.RefundAmbiguous _ -> store.reportAmbiguousRefund(payment.orderId());
            case RefundLookup.RefundLookupFailed(var why) ->
                    log.warn("order {}: REFUND is still unknown: {}", payment.orderId(), why);
        }
    }

    private void reconcileRefund(Payment seen, UnaryOperator<Payment> change) {
        transactions.executeWithoutResult(
                _ -> {
                    var stored = payments.findForUpdate(seen.orderId()).orElseThrow();
                    if (!stored.equals(seen)) {
                        return;
                    }
                    var now = change.apply(stored);
                    if (!now.equals(stored)) {
                        log.info(
                                "order {}: REFUND settled, now {}",
                                seen.orderId(),
                                now.state().status());
                        meters.countReconciled(PaymentOperationType.REFUND);
                    }
                });
    }

    /// Whoever repeats the request asks for a new refund from here on, so nothing may be on its way
    /// any more: looked at again while the payment is locked.
    private Payment assumeRefundAbsent(Payment stored) {
        if (!unknown.isOverdue(
                stored.orderId(), properties.reconciliation().assumeNotDoneAfter())) {
            return stored;
        }
        var now = stored.withState(((Refunding) stored.state()).stateIfNotDone());
        store.save(stored, now);
        return now;
    }

    private void reconcile(
            UnknownOutcomes.DueOutcome due,
            UnknownOutcome asked,
            IntentStatus standing,
            boolean keySpent) {
        transactions.executeWithoutResult(
                _ -> {
                    var stored = payments.findForUpdate(due.orderId()).orElseThrow();
                    var now = store.applyStatus(stored, standing, keySpent);
                    if (due.overdue()
                            && now.state().equals(asked)
                            && PaymentStateMachine.isNotDone(asked, standing)) {
                        now = now.state() instanceof Voiding ? now : assumeNotDone(now, asked);
                    }
                    store.save(stored, now);
                    if (!now.state().equals(stored.state())) {
                        log.info(
                                "order {}: {} settled, now {}",
                                due.orderId(),
                                asked.operation(),
                                now.state().status());
                        meters.countReconciled(asked.operation());
                    }
                });
    }

    private static Payment assumeNotDone(Payment payment, UnknownOutcome asked) {
        return payment.withState(asked.stateIfNotDone());
    }
}
