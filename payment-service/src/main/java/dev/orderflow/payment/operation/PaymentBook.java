package dev.orderflow.payment.operation;

import dev.orderflow.payment.domain.Heard.Contradiction;
import dev.orderflow.payment.domain.Heard.News;
import dev.orderflow.payment.domain.Heard.NoNews;
import dev.orderflow.payment.domain.Kind;
import dev.orderflow.payment.domain.Moves;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentState.Unknown;
import dev.orderflow.payment.domain.Standing;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/// Keeps a payment and the list of unknown outcomes in step.
@Component
final class PaymentBook {

    private static final Logger log = LoggerFactory.getLogger(PaymentBook.class);

    private final Payments payments;
    private final UnknownOutcomes unknown;
    private final TransactionOperations transactions;
    private final PaymentMeters meters;
    private final Duration lease;

    PaymentBook(
            Payments payments,
            UnknownOutcomes unknown,
            TransactionOperations transactions,
            PaymentMeters meters,
            PaymentProperties properties) {
        this.payments = payments;
        this.unknown = unknown;
        this.transactions = transactions;
        this.meters = meters;
        this.lease = properties.lease();
    }

    /// Stores what a locked payment has become, in the caller's transaction.
    void change(Payment stored, Payment now) {
        if (!now.equals(stored)) {
            payments.save(now);
        }
        if (!(now.state() instanceof Unknown)) {
            unknown.settled(now.orderId());
        }
    }

    /// Stores what a locked payment has become before the gateway is asked for something.
    void changeAndAsk(Payment stored, Payment ahead) {
        change(stored, ahead);
        if (ahead.state() instanceof Unknown) {
            unknown.open(ahead.orderId(), lease);
        }
    }

    /// The payment after a report of the gateway.
    ///
    /// @param keySpent whether the gateway would repeat a failure under the key it was asked with
    Payment after(Payment payment, Standing standing, boolean keySpent) {
        return switch (Moves.hear(payment.state(), standing)) {
            case News(var next) -> payment.in(next);
            case NoNews _ ->
                    keySpent
                                    && payment.state() instanceof Unknown unknownState
                                    && keyMayChange(unknownState, standing)
                            ? payment.withNextKey()
                            : payment;
            case Contradiction(var what) -> {
                log.error("order {}: {}", payment.orderId(), what);
                meters.contradiction();
                yield payment;
            }
        };
    }

    /// An intent is confirmed, taken and cancelled at most once under whatever key, so a second
    /// key can do no harm. It can be refunded several times: there the first key is kept.
    private static boolean keyMayChange(Unknown state, Standing standing) {
        return state.asked() != Kind.REFUND && Moves.notDone(state, standing);
    }

    /// Leaves a key behind under which the gateway repeats a failure.
    void takeNextKey(Payment seen) {
        transactions.executeWithoutResult(
                _ ->
                        payments.locked(seen.orderId())
                                .filter(seen::equals)
                                .map(Payment::withNextKey)
                                .ifPresent(payments::save));
    }

    /// Has somebody ask again after a delay, if the outcome is open.
    void askIn(UUID orderId, Duration delay) {
        unknown.askIn(orderId, delay);
    }
}
