package dev.orderflow.payment.operation;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.payment.domain.Answer;
import dev.orderflow.payment.domain.Heard.Contradiction;
import dev.orderflow.payment.domain.Heard.News;
import dev.orderflow.payment.domain.Heard.NoNews;
import dev.orderflow.payment.domain.Kind;
import dev.orderflow.payment.domain.Moves;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentState.Refunding;
import dev.orderflow.payment.domain.PaymentState.Unknown;
import dev.orderflow.payment.domain.Standing;
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
final class PaymentBook {

    private static final Logger log = LoggerFactory.getLogger(PaymentBook.class);

    private final Payments payments;
    private final Operations operations;
    private final UnknownOutcomes unknown;
    private final TransactionOperations transactions;
    private final PaymentMeters meters;
    private final Duration lease;

    PaymentBook(
            Payments payments,
            Operations operations,
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
        var done = refunding.whenDone();
        var now = stored.in(done);
        change(stored, now);
        var all =
                refundedAtGateway != null && done.refunded().isWithin(refundedAtGateway)
                        ? refundedAtGateway
                        : done.refunded();
        var unused =
                operations.answer(
                        key,
                        new Answer.GivenBack(
                                refunding.refund().amount(), refunding.captured(), all));
        return now;
    }

    /// Nobody can tell whether a refund was made; a person must look.
    void refundIsUnclear(UUID orderId) {
        log.error(
                "order {}: a refund of the same amount does not say who asked for it, so nobody can"
                        + " tell whether the one under way was made",
                orderId);
        meters.contradiction();
    }

    /// An intent is confirmed, taken and cancelled at most once under whatever key, so a second
    /// key can do no harm. It can be refunded several times: there the first key is kept.
    private static boolean keyMayChange(Unknown state, Standing standing) {
        return state.asked() != Kind.REFUND && Moves.notDone(state, standing);
    }

    /// Leaves a key behind under which the gateway repeats an answer that is of no use.
    ///
    /// @return the payment as it is now
    Payment takeNextKey(Payment seen) {
        var now =
                transactions.execute(
                        _ -> {
                            var stored = payments.locked(seen.orderId()).orElseThrow();
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
    void askIn(UUID orderId, Duration delay) {
        unknown.askIn(orderId, delay);
    }
}
