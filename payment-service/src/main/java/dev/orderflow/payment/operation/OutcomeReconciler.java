package dev.orderflow.payment.operation;

import dev.orderflow.defaults.problem.FailureDescription;
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
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/// Resolves unknown outcomes by retrieving the status from the gateway.
///
/// It never authorises, captures or refunds. It only retrieves statuses, and repeats the
/// cancellation of a voided intent until the gateway confirms it. Any number of instances may run:
/// a claim gives each unknown outcome to one of them at a time.
@Component
public final class OutcomeReconciler implements SchedulingConfigurer {

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
            PaymentStore store,
            PaymentGateway gateway,
            TransactionOperations transactions,
            PaymentMeters meters,
            PaymentProperties properties) {
        this.payments = payments;
        this.unknown = unknown;
        this.store = store;
        this.gateway = gateway;
        this.transactions = transactions;
        this.meters = meters;
        this.properties = properties;
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        var interval = properties.reconciliation().interval();
        registrar.addFixedDelayTask(new FixedDelayTask(this::onSchedule, interval, interval));
    }

    void onSchedule() {
        try {
            reconcileDue();
        } catch (DataAccessException | TransactionException failed) {
            log.warn(
                    "resolving unknown payment outcomes failed, retrying at the next interval: {}",
                    FailureDescription.of(failed));
        }
    }

    /// Retrieves the status of every payment that is due, up to the batch size.
    ///
    /// @return the number of payments that were due
    public int reconcileDue() {
        var settings = properties.reconciliation();
        var due =
                unknown.claimDue(
                        settings.batchSize(), settings.initialBackoff(), settings.maxBackoff());
        // Concurrently, so that a call that times out does not delay the others.
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            due.forEach(orderId -> threads.execute(() -> reconcile(orderId)));
        }
        meters.setUnknownOutcomes(unknown.countOlderThan(properties.lease()));
        return due.size();
    }

    private void reconcile(UUID orderId) {
        try {
            var payment = payments.findByOrder(orderId).orElseThrow();
            if (!(payment.state() instanceof UnknownOutcome pending)) {
                removeIfOutcomeKnown(orderId);
                return;
            }
            if (pending instanceof Refunding refunding) {
                reconcileRefund(payment, refunding);
                return;
            }
            boolean failureStored = false;
            GatewayResult result;
            if (pending instanceof Voiding voiding) {
                result = gateway.cancel(voiding.intent(), GatewayKeys.forOperation(payment));
                failureStored =
                        result instanceof KeyConflict
                                || result instanceof RequestRefused
                                || (result instanceof ResultUnknown(var _, var stored) && stored);
                if (!(result instanceof StatusReported)) {
                    result = gateway.retrieveStatus(voiding.intent());
                }
            } else {
                result = gateway.retrieveStatus(pending.intent());
            }
            if (result instanceof StatusReported(var _, var status)) {
                reconcile(orderId, pending, status, failureStored);
            } else {
                log.warn(
                        "order {}: outcome of {} is still unknown: {}",
                        orderId,
                        pending.operation(),
                        result);
            }
        } catch (RuntimeException failed) {
            log.error(
                    "order {}: resolving the unknown outcome failed",
                    orderId,
                    RedactedException.of(failed));
        }
    }

    /// A new operation may have begun since the payment was read, so it is locked.
    private void removeIfOutcomeKnown(UUID orderId) {
        transactions.executeWithoutResult(
                _ -> {
                    var stored = payments.findForUpdate(orderId).orElseThrow();
                    if (!(stored.state() instanceof UnknownOutcome)) {
                        unknown.remove(orderId);
                    }
                });
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
            case RefundLookup.RefundLookupFailed(var reason) ->
                    log.warn(
                            "order {}: outcome of REFUND is still unknown: {}",
                            payment.orderId(),
                            reason);
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
                                "order {}: outcome of REFUND resolved, payment is {}",
                                seen.orderId(),
                                now.state().code());
                        meters.countReconciled(PaymentOperationType.REFUND);
                    }
                });
    }

    /// A repeated request is a new refund after this, so the first one must not be on its way any
    /// more. That is checked again while the payment is locked.
    private Payment assumeRefundAbsent(Payment stored) {
        if (!isOverdue(stored.orderId())) {
            return stored;
        }
        var now = stored.withState(((Refunding) stored.state()).stateIfNotDone());
        store.save(stored, now);
        return now;
    }

    private boolean isOverdue(UUID orderId) {
        return unknown.isOverdue(orderId, properties.reconciliation().assumeNotDoneAfter());
    }

    private void reconcile(
            UUID orderId, UnknownOutcome pending, IntentStatus status, boolean failureStored) {
        transactions.executeWithoutResult(
                _ -> {
                    var stored = payments.findForUpdate(orderId).orElseThrow();
                    var now = store.applyStatus(stored, status, failureStored);
                    // The operation may have been requested again while the status was retrieved.
                    if (now.state().equals(pending)
                            && PaymentStateMachine.isNotDone(pending, status)
                            && isOverdue(orderId)) {
                        now = now.state() instanceof Voiding ? now : assumeNotDone(now, pending);
                    }
                    store.save(stored, now);
                    if (!now.state().equals(stored.state())) {
                        log.info(
                                "order {}: outcome of {} resolved, payment is {}",
                                orderId,
                                pending.operation(),
                                now.state().code());
                        meters.countReconciled(pending.operation());
                    }
                });
    }

    private static Payment assumeNotDone(Payment payment, UnknownOutcome pending) {
        return payment.withState(pending.stateIfNotDone());
    }
}
