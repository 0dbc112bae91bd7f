package dev.orderflow.payment.operation;

import dev.orderflow.defaults.tracing.RedactedException;
import dev.orderflow.payment.domain.Kind;
import dev.orderflow.payment.domain.Moves;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentState.Refunding;
import dev.orderflow.payment.domain.PaymentState.Unknown;
import dev.orderflow.payment.domain.PaymentState.Voiding;
import dev.orderflow.payment.domain.Standing;
import dev.orderflow.payment.gateway.Gateway;
import dev.orderflow.payment.gateway.Gateway.RefundLookup;
import dev.orderflow.payment.gateway.GatewayAnswer;
import dev.orderflow.payment.gateway.GatewayAnswer.KeyTaken;
import dev.orderflow.payment.gateway.GatewayAnswer.NoAnswer;
import dev.orderflow.payment.gateway.GatewayAnswer.Refused;
import dev.orderflow.payment.gateway.GatewayAnswer.Reported;
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
public final class Reconciler {

    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

    private final Payments payments;
    private final UnknownOutcomes unknown;
    private final PaymentBook book;
    private final Gateway gateway;
    private final TransactionOperations transactions;
    private final PaymentMeters meters;
    private final PaymentProperties properties;

    Reconciler(
            Payments payments,
            UnknownOutcomes unknown,
            PaymentBook book,
            Gateway gateway,
            TransactionOperations transactions,
            PaymentMeters meters,
            PaymentProperties properties) {
        this.payments = payments;
        this.unknown = unknown;
        this.book = book;
        this.gateway = gateway;
        this.transactions = transactions;
        this.meters = meters;
        this.properties = properties;
    }

    @Scheduled(
            initialDelayString = "${orderflow.payment.reconciliation.every:5s}",
            fixedDelayString = "${orderflow.payment.reconciliation.every:5s}")
    void onSchedule() {
        try {
            settleDue();
        } catch (DataAccessException | TransactionException later) {
            log.warn("unknown outcomes stay for now: {}", later.toString());
        }
    }

    /// Asks about every outcome that is due, up to a batch.
    ///
    /// @return how many it asked about
    public int settleDue() {
        var waits = properties.reconciliation();
        var due =
                unknown.claimDue(
                        waits.batch(),
                        waits.firstWait(),
                        waits.longestWait(),
                        waits.believeAbsenceAfter());
        // At the same time, so that one that times out does not hold up the others.
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            due.forEach(one -> threads.execute(() -> settle(one)));
        }
        meters.unknown(unknown.openLongerThan(properties.lease()));
        return due.size();
    }

    private void settle(UnknownOutcomes.Due due) {
        try {
            var payment = payments.of(due.orderId()).orElseThrow();
            if (!(payment.state() instanceof Unknown open)) {
                unknown.settled(due.orderId());
                return;
            }
            if (open instanceof Refunding refunding) {
                settleRefund(payment, refunding);
                return;
            }
            boolean keySpent = false;
            GatewayAnswer answer;
            if (open instanceof Voiding voiding) {
                answer = gateway.cancel(voiding.intent(), GatewayKeys.forAsking(payment));
                keySpent =
                        answer instanceof KeyTaken
                                || answer instanceof Refused
                                || (answer instanceof NoAnswer(var _, var spent) && spent);
                if (!(answer instanceof Reported)) {
                    answer = gateway.ask(voiding.intent());
                }
            } else {
                answer = gateway.ask(open.intent());
            }
            if (answer instanceof Reported(var _, var standing)) {
                settle(due, open, standing, keySpent);
            } else {
                log.warn("order {}: {} is still unknown: {}", due.orderId(), open.asked(), answer);
            }
        } catch (RuntimeException failed) {
            log.error(
                    "order {}: asking the gateway failed",
                    due.orderId(),
                    RedactedException.of(failed));
        }
    }

    private void settleRefund(Payment payment, Refunding refunding) {
        var found =
                gateway.findRefund(
                        refunding.intent(),
                        refunding.refund().amount(),
                        GatewayKeys.forAsking(payment));
        switch (found) {
            case RefundLookup.Made _ ->
                    settleRefund(
                            payment,
                            stored -> book.completeRefund(stored, refunding.refund().key(), null));
            case RefundLookup.Absent _ -> settleRefund(payment, this::believeRefundAbsent);
            case RefundLookup.Unclear _ -> book.refundIsUnclear(payment.orderId());
            case RefundLookup.NotTold(var why) ->
                    log.warn("order {}: REFUND is still unknown: {}", payment.orderId(), why);
        }
    }

    private void settleRefund(Payment seen, UnaryOperator<Payment> change) {
        transactions.executeWithoutResult(
                _ -> {
                    var stored = payments.locked(seen.orderId()).orElseThrow();
                    if (!stored.equals(seen)) {
                        return;
                    }
                    var now = change.apply(stored);
                    if (!now.equals(stored)) {
                        log.info(
                                "order {}: REFUND settled, now {}",
                                seen.orderId(),
                                now.state().status());
                        meters.settledLate(Kind.REFUND);
                    }
                });
    }

    /// Whoever repeats the request asks for a new refund from here on, so nothing may be on its way
    /// any more: looked at again while the payment is locked.
    private Payment believeRefundAbsent(Payment stored) {
        if (!unknown.isOverdue(
                stored.orderId(), properties.reconciliation().believeAbsenceAfter())) {
            return stored;
        }
        var now = stored.in(((Refunding) stored.state()).ifNeverDone());
        book.change(stored, now);
        return now;
    }

    private void settle(
            UnknownOutcomes.Due due, Unknown asked, Standing standing, boolean keySpent) {
        transactions.executeWithoutResult(
                _ -> {
                    var stored = payments.locked(due.orderId()).orElseThrow();
                    var now = book.after(stored, standing, keySpent);
                    if (due.overdue()
                            && now.state().equals(asked)
                            && Moves.notDone(asked, standing)) {
                        now = now.state() instanceof Voiding ? now : believed(now, asked);
                    }
                    book.change(stored, now);
                    if (!now.state().equals(stored.state())) {
                        log.info(
                                "order {}: {} settled, now {}",
                                due.orderId(),
                                asked.asked(),
                                now.state().status());
                        meters.settledLate(asked.asked());
                    }
                });
    }

    private static Payment believed(Payment payment, Unknown asked) {
        return payment.in(asked.ifNeverDone());
    }
}
