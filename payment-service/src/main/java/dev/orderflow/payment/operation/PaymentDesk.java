package dev.orderflow.payment.operation;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.UuidV7;
import dev.orderflow.defaults.idempotency.RequestFingerprint;
import dev.orderflow.payment.domain.Decision;
import dev.orderflow.payment.domain.Decision.Proceed;
import dev.orderflow.payment.domain.Decision.Refusal;
import dev.orderflow.payment.domain.Decision.Refuse;
import dev.orderflow.payment.domain.Decision.Settled;
import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.Moves;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentState.Authorized;
import dev.orderflow.payment.domain.PaymentState.Captured;
import dev.orderflow.payment.domain.PaymentState.Capturing;
import dev.orderflow.payment.domain.PaymentState.Confirming;
import dev.orderflow.payment.domain.PaymentState.Declined;
import dev.orderflow.payment.domain.PaymentState.Opened;
import dev.orderflow.payment.domain.PaymentState.Refunded;
import dev.orderflow.payment.domain.PaymentState.Refunding;
import dev.orderflow.payment.domain.PaymentState.Requested;
import dev.orderflow.payment.domain.PaymentState.Unknown;
import dev.orderflow.payment.domain.PaymentState.Voided;
import dev.orderflow.payment.domain.PaymentState.Voiding;
import dev.orderflow.payment.domain.Request;
import dev.orderflow.payment.domain.Standing;
import dev.orderflow.payment.gateway.Gateway;
import dev.orderflow.payment.gateway.Gateway.RefundLookup;
import dev.orderflow.payment.gateway.GatewayAnswer;
import dev.orderflow.payment.gateway.GatewayAnswer.Subject;
import dev.orderflow.payment.operation.Reply.Answered;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/// Where requests for payments come in.
@Component
public final class PaymentDesk {

    private static final Logger log = LoggerFactory.getLogger(PaymentDesk.class);

    /// Another transaction may store the same payment or take the same key in the same moment; at
    /// the second look it is there to be seen.
    private static final int LOOKS = 3;

    private static final Duration SOON = Duration.ofSeconds(1);

    /// How many further keys one request tries when the gateway knows one with other parameters.
    private static final int FURTHER_KEYS = 3;

    private final Payments payments;
    private final Operations operations;
    private final PaymentBook book;
    private final Gateway gateway;
    private final TransactionOperations transactions;
    private final PaymentMeters meters;
    private final PaymentProperties properties;

    PaymentDesk(
            Payments payments,
            Operations operations,
            PaymentBook book,
            Gateway gateway,
            TransactionOperations transactions,
            PaymentMeters meters,
            PaymentProperties properties) {
        this.payments = payments;
        this.operations = operations;
        this.book = book;
        this.gateway = gateway;
        this.transactions = transactions;
        this.meters = meters;
        this.properties = properties;
    }

    /// Does what is asked, once for each key, or tells why not.
    ///
    /// @param fingerprint of the body that the request was read from
    public Reply perform(Request request, String key, RequestFingerprint fingerprint) {
        var operation = new PaymentOperation(request, key, fingerprint, UUID.randomUUID());
        var reply =
                switch (begun(operation)) {
                    case Next.Tell(var known) -> known;
                    case Next.Go(var payment, var again) -> done(operation, payment, again);
                };
        meters.count(request.kind(), reply);
        return reply;
    }

    /// A request, and who is at work on it.
    private record PaymentOperation(
            Request request, String key, RequestFingerprint fingerprint, UUID holder) {

        UUID orderId() {
            return request.orderId();
        }
    }

    private sealed interface Next {

        record Tell(Reply reply) implements Next {}

        /// @param again whether somebody was at work on it before, and may have asked the gateway
        ///     already
        record Go(Payment payment, boolean again) implements Next {}
    }

    private Next begun(PaymentOperation operation) {
        for (int look = 1; ; look++) {
            try {
                return inTransaction(() -> begin(operation));
            } catch (DataIntegrityViolationException justTaken) {
                if (look == LOOKS) {
                    throw justTaken;
                }
            }
        }
    }

    private Next begin(PaymentOperation operation) {
        var payment = payments.locked(operation.orderId());
        var earlier = operations.byKey(operation.key());
        if (earlier.isEmpty()) {
            return beginNew(operation, payment);
        }
        var stored = earlier.get();
        if (!stored.isOf(operation.request(), operation.fingerprint())) {
            return new Next.Tell(new Reply.KeyReused());
        }
        if (payment.isEmpty()) {
            // Both were stored between our two looks; now both are to be seen.
            return begin(operation);
        }
        var known = payment.get();
        if (stored.answer() != null) {
            return new Next.Tell(
                    new Answered(known.paymentId(), known.orderId(), stored.answer(), true));
        }
        if (stored.leased()) {
            return new Next.Tell(new Reply.InFlight());
        }
        operations.takeOver(operation.key(), operation.holder(), properties.lease());
        return goOn(operation, known, known, true);
    }

    private Next beginNew(PaymentOperation operation, Optional<Payment> earlier) {
        var request = operation.request();
        var decision = Moves.decide(earlier.orElse(null), request, operation.key(), false);
        if (decision instanceof Refuse(var refusal)) {
            return new Next.Tell(new Reply.Refused(refusal, earlier.orElse(null)));
        }
        var payment = earlier.orElseGet(() -> fresh(request));
        if (earlier.isEmpty() && !payments.add(payment)) {
            return begin(operation);
        }
        operations.begin(
                operation.key(),
                operation.orderId(),
                request.kind(),
                operation.fingerprint(),
                operation.holder(),
                properties.lease());
        return decided(operation, payment, payment, decision, false);
    }

    private static Payment fresh(Request request) {
        var paymentId = UuidV7.create(Instant.now());
        return request instanceof Request.Authorize(var order, var customer, var _, var amount)
                ? new Payment(order, paymentId, customer, amount, new Requested(), 1)
                : new Payment(request.orderId(), paymentId, null, null, new Voided(null), 1);
    }

    /// What is next for an operation that was begun, with the payment as it was stored and as it
    /// is by now.
    private Next goOn(PaymentOperation operation, Payment stored, Payment now, boolean again) {
        var decision = Moves.decide(now, operation.request(), operation.key(), true);
        return decided(operation, stored, now, decision, again);
    }

    private Next decided(
            PaymentOperation operation,
            Payment stored,
            Payment now,
            Decision decision,
            boolean again) {
        return switch (decision) {
            case Settled(var after, var answer) -> {
                book.change(stored, now.in(after));
                yield new Next.Tell(
                        new Answered(
                                now.paymentId(),
                                now.orderId(),
                                operations.answer(operation.key(), answer),
                                false));
            }
            case Refuse(var refusal) -> {
                book.change(stored, now);
                operations.release(operation.key(), operation.holder());
                yield new Next.Tell(new Reply.Refused(refusal, now));
            }
            case Proceed(var before) -> {
                var ahead = now.in(before);
                book.changeAndAsk(stored, ahead);
                yield new Next.Go(ahead, again);
            }
        };
    }

    /// From here on no transaction is open but for moments.
    private Reply done(PaymentOperation operation, Payment begun, boolean again) {
        Next next = new Next.Go(begun, again);
        if (again && begun.state() instanceof Refunding refunding) {
            next = findRefund(operation, begun, refunding);
        } else if (again && begun.state() instanceof Unknown unknown) {
            if (!(gateway.ask(unknown.intent())
                    instanceof GatewayAnswer.Reported(var _, var standing))) {
                return givenUp(operation, new Reply.OutcomeUnknown());
            }
            if (standing instanceof Standing.Pending) {
                return givenUp(operation, new Reply.OutcomeUnknown());
            }
            next = learned(operation, standing, false);
        }
        if (next instanceof Next.Go(var payment, var _)
                && payment.state() instanceof Requested
                && operation.request() instanceof Request.Authorize authorize) {
            next = opened(operation, authorize, payment, FURTHER_KEYS);
        }
        if (next instanceof Next.Go(var payment, var _)) {
            next = asked(operation, payment, FURTHER_KEYS);
        }
        return switch (next) {
            case Next.Tell(var reply) -> reply;
            case Next.Go _ -> givenUp(operation, new Reply.OutcomeUnknown());
        };
    }

    private Next opened(
            PaymentOperation operation,
            Request.Authorize authorize,
            Payment payment,
            int furtherKeys) {
        var answer =
                gateway.open(
                        authorize.orderId(),
                        authorize.paymentMethod(),
                        authorize.amount(),
                        GatewayKeys.forOpening(payment));
        return switch (answer) {
            case GatewayAnswer.Reported(var intent, var _) -> stored(operation, intent);
            case GatewayAnswer.Declined(var code) ->
                    changed(
                            operation,
                            now ->
                                    now.state() instanceof Requested
                                            ? now.in(new Declined(null, code))
                                            : now);
            case GatewayAnswer.Refused(var code, var subject) ->
                    refuse(operation, book.takeNextKey(payment), code, subject, null);
            // An intent that is not stored is never confirmed, so whatever was done under this key
            // charges nothing, and the next one is safe at once.
            case GatewayAnswer.KeyTaken _ -> {
                var now = book.takeNextKey(payment);
                yield furtherKeys > 0 && now.state() instanceof Requested
                        ? opened(operation, authorize, now, furtherKeys - 1)
                        : unavailable(operation);
            }
            case GatewayAnswer.NotReached _ -> unavailable(operation);
            // An intent that is not stored is never confirmed, so nothing is charged either way.
            case GatewayAnswer.NoAnswer(var _, var keySpent) -> {
                if (keySpent) {
                    var unused = book.takeNextKey(payment);
                }
                yield unavailable(operation);
            }
        };
    }

    /// Stores the intent before anybody confirms it. A void may have come meanwhile; then it is
    /// cancelled, which only tidies up: nobody will confirm it.
    private Next stored(PaymentOperation operation, IntentId intent) {
        var next =
                changed(
                        operation,
                        now ->
                                now.state() instanceof Requested
                                        ? now.in(new Confirming(intent))
                                        : now);
        if (next instanceof Next.Tell) {
            var unused =
                    gateway.cancel(intent, GatewayKeys.forTidyingUp(operation.orderId(), intent));
            log.info(
                    "a void came before the intent of order {} was stored; cancelled: {}",
                    operation.orderId(),
                    unused);
        }
        return next;
    }

    private Next asked(PaymentOperation operation, Payment payment, int furtherKeys) {
        if (!(payment.state() instanceof Unknown unknown)) {
            return new Next.Go(payment, true);
        }
        var answer = call(operation.request(), payment, unknown.intent());
        if (unknown instanceof Refunding refunding) {
            return refundAnswered(operation, payment, refunding, answer);
        }
        return switch (answer) {
            case GatewayAnswer.Reported(var _, var standing) -> learned(operation, standing, false);
            case GatewayAnswer.Declined(var code) when unknown instanceof Confirming ->
                    learned(operation, new Standing.TurnedDown(code), false);
            case GatewayAnswer.Declined(var code) ->
                    refused(operation, unknown, code, Subject.OTHER);
            case GatewayAnswer.Refused(var code, var subject) ->
                    refused(operation, unknown, code, subject);
            // An intent is confirmed, captured and cancelled at most once, so when it is not done
            // the next key is safe.
            case GatewayAnswer.KeyTaken _ -> {
                var next = lookedUp(operation, unknown, "key known with other parameters", true);
                yield furtherKeys > 0
                                && next instanceof Next.Go(var now, var _)
                                && now.keyNumber() > payment.keyNumber()
                        ? asked(operation, now, furtherKeys - 1)
                        : next;
            }
            case GatewayAnswer.NotReached _ -> unavailable(operation);
            case GatewayAnswer.NoAnswer(var why, var keySpent) ->
                    lookedUp(operation, unknown, why, keySpent);
        };
    }

    private GatewayAnswer call(Request request, Payment payment, IntentId intent) {
        var key = GatewayKeys.forAsking(payment);
        return switch (request) {
            case Request.Authorize _ -> gateway.confirm(intent, key);
            case Request.Capture(var _, var amount) -> gateway.capture(intent, amount, key);
            case Request.Void _ -> gateway.cancel(intent, key);
            case Request.Refund(var order, var amount, var reason) ->
                    gateway.refund(order, intent, amount, reason, key);
        };
    }

    /// Asks how the intent stands, since the call did not tell.
    private Next lookedUp(
            PaymentOperation operation, Unknown unknown, String why, boolean keySpent) {
        log.info(
                "order {}: {} of {} has no clear answer ({}), asking",
                operation.orderId(),
                unknown.asked(),
                unknown.intent().value(),
                why);
        return gateway.ask(unknown.intent()) instanceof GatewayAnswer.Reported(var _, var standing)
                ? learned(operation, standing, keySpent)
                : new Next.Tell(givenUp(operation, new Reply.OutcomeUnknown()));
    }

    /// The gateway refused for good. Whether that is because it was done before, the intent tells.
    private Next refused(
            PaymentOperation operation, Unknown unknown, String code, Subject subject) {
        if (!(gateway.ask(unknown.intent()) instanceof GatewayAnswer.Reported(var _, var standing))
                || standing instanceof Standing.Pending) {
            return new Next.Tell(givenUp(operation, new Reply.OutcomeUnknown()));
        }
        return inTransaction(
                () -> {
                    var stored = payments.locked(operation.orderId()).orElseThrow();
                    var now = book.after(stored, standing, false);
                    if (!now.state().equals(unknown)) {
                        return goOn(operation, stored, now, true);
                    }
                    var after =
                            now.in(Moves.afterRefusal(unknown, subject == Subject.HOLD))
                                    .withNextKey();
                    book.changeAndAsk(stored, after);
                    book.askIn(operation.orderId(), SOON);
                    return refuse(operation, after, code, subject, null);
                });
    }

    private Next refuse(
            PaymentOperation operation,
            Payment now,
            String code,
            Subject subject,
            @Nullable Money refundedAtGateway) {
        log.error(
                "order {}: the gateway refused the {}: {}",
                operation.orderId(),
                operation.request().kind(),
                code);
        operations.refuse(operation.key(), operation.holder(), code);
        return new Next.Tell(new Reply.GatewayRefused(code, subject, now, refundedAtGateway));
    }

    private Next refundAnswered(
            PaymentOperation operation,
            Payment payment,
            Refunding refunding,
            GatewayAnswer answer) {
        return switch (answer) {
            case GatewayAnswer.Reported(var _, var standing) -> refundMade(operation, standing);
            case GatewayAnswer.Declined(var code) ->
                    refundRefused(operation, refunding, code, Subject.OTHER);
            case GatewayAnswer.Refused(var code, var subject) ->
                    refundRefused(operation, refunding, code, subject);
            case GatewayAnswer.NotReached _ -> unavailable(operation);
            // The next key would be another refund, so none is taken here.
            case GatewayAnswer.KeyTaken _, GatewayAnswer.NoAnswer _ ->
                    findRefund(operation, payment, refunding);
        };
    }

    /// @return [OutageWaitResult.Go] when the refund was not made, as far as the gateway knows
    private Next findRefund(PaymentOperation operation, Payment payment, Refunding refunding) {
        return switch (gateway.findRefund(
                refunding.intent(), refunding.refund().amount(), GatewayKeys.forAsking(payment))) {
            case RefundLookup.Made _ -> refundMade(operation, null);
            case RefundLookup.Absent _ -> new Next.Go(payment, true);
            case RefundLookup.Unclear _ -> {
                book.refundIsUnclear(operation.orderId());
                yield new Next.Tell(givenUp(operation, new Reply.OutcomeUnknown()));
            }
            case RefundLookup.NotTold _ ->
                    new Next.Tell(givenUp(operation, new Reply.OutcomeUnknown()));
        };
    }

    /// @param standing how the intent stands since, if the gateway told
    private Next refundMade(PaymentOperation operation, @Nullable Standing standing) {
        return inTransaction(
                () -> {
                    var stored = payments.locked(operation.orderId()).orElseThrow();
                    Money refundedAtGateway = null;
                    if (standing != null) {
                        // Says so when the gateway contradicts itself.
                        var unused = book.after(stored, standing, false);
                        refundedAtGateway = refundedIn(standing);
                    }
                    var now = book.completeRefund(stored, operation.key(), refundedAtGateway);
                    return answerOf(operation, now);
                });
    }

    private Next answerOf(PaymentOperation operation, Payment now) {
        var answer = operations.byKey(operation.key()).orElseThrow().answer();
        return new Next.Tell(
                answer == null
                        ? new Reply.OutcomeUnknown()
                        : new Answered(now.paymentId(), now.orderId(), answer, false));
    }

    private Next refundRefused(
            PaymentOperation operation, Refunding refunding, String code, Subject subject) {
        var refundedAtGateway =
                gateway.ask(refunding.intent())
                                instanceof GatewayAnswer.Reported(var _, var standing)
                        ? refundedIn(standing)
                        : null;
        return inTransaction(
                () -> {
                    var stored = payments.locked(operation.orderId()).orElseThrow();
                    if (!stored.state().equals(refunding)) {
                        return answerOf(operation, stored);
                    }
                    var after = stored.in(refunding.ifNeverDone());
                    book.change(stored, after);
                    return refuse(operation, after, code, subject, refundedAtGateway);
                });
    }

    private static @Nullable Money refundedIn(Standing standing) {
        return standing instanceof Standing.Taken(var _, var refunded) ? refunded : null;
    }

    private Next learned(PaymentOperation operation, Standing standing, boolean keySpent) {
        return changed(operation, now -> book.after(now, standing, keySpent));
    }

    private Next changed(PaymentOperation operation, UnaryOperator<Payment> change) {
        return inTransaction(
                () -> {
                    var stored = payments.locked(operation.orderId()).orElseThrow();
                    return goOn(operation, stored, change.apply(stored), true);
                });
    }

    private Next unavailable(PaymentOperation operation) {
        return new Next.Tell(givenUp(operation, new Reply.GatewayUnavailable()));
    }

    /// Leaves the operation to whoever comes next: this caller again, or the reconciler.
    private Reply givenUp(PaymentOperation operation, Reply reply) {
        transactions.executeWithoutResult(
                _ -> {
                    operations.release(operation.key(), operation.holder());
                    book.askIn(operation.orderId(), SOON);
                });
        return reply;
    }

    /// Whether an order's money is held for long enough to dispatch it, as the gateway has it now.
    /// A hold that has ended there ends here too.
    public HoldVerification verifyHold(UUID orderId) {
        var found = payments.of(orderId);
        if (found.isEmpty()) {
            return new HoldVerification.NoPayment();
        }
        var payment = found.get();
        return switch (payment.state()) {
            case Authorized(var intent) -> verifyHold(payment, intent);
            case Captured _ -> new HoldVerification.Verified(payment, true, null);
            case Requested _, Opened _, Confirming _, Capturing _ ->
                    new HoldVerification.NotSettled(payment);
            case Declined _, Voiding _, Voided _, Refunding _, Refunded _ ->
                    new HoldVerification.Verified(payment, false, null);
        };
    }

    private HoldVerification verifyHold(Payment payment, IntentId intent) {
        if (!(gateway.ask(intent) instanceof GatewayAnswer.Reported(var _, var standing))) {
            return new HoldVerification.GatewayUnavailable();
        }
        if (standing instanceof Standing.Held(var until)) {
            boolean lasts =
                    until == null || Instant.now().plus(properties.holdMargin()).isBefore(until);
            return new HoldVerification.Verified(payment, lasts, until);
        }
        var now =
                inTransaction(
                        () -> {
                            var stored = payments.locked(payment.orderId()).orElseThrow();
                            var after = book.after(stored, standing, false);
                            book.change(stored, after);
                            return after;
                        });
        return now.state() instanceof Authorized || now.state() instanceof Unknown
                ? new HoldVerification.NotSettled(now)
                : new HoldVerification.Verified(now, now.state() instanceof Captured, null);
    }

    /// Takes over what the gateway has, for an order of which a person has found that the gateway
    /// is right: a refund or a cancellation that was made there counts here from now on.
    ///
    /// @return the reason why not; none when it was taken over
    public Optional<Refusal> takeOver(UUID orderId) {
        var found = payments.of(orderId);
        if (found.isEmpty()) {
            return Optional.of(Refusal.NO_PAYMENT);
        }
        var intent = found.get().state().settledIntent();
        if (intent.isEmpty()) {
            return found.get().state() instanceof Unknown
                    ? Optional.of(Refusal.NOT_SETTLED)
                    : Optional.empty();
        }
        if (!(gateway.ask(intent.get()) instanceof GatewayAnswer.Reported(var _, var standing))) {
            return Optional.of(Refusal.NOT_SETTLED);
        }
        return inTransaction(
                () -> {
                    var stored = payments.locked(orderId).orElseThrow();
                    if (stored.state() instanceof Unknown) {
                        return Optional.of(Refusal.NOT_SETTLED);
                    }
                    var after = stored.in(Moves.takeOver(stored.state(), standing));
                    if (!after.equals(stored)) {
                        log.warn(
                                "order {}: the gateway's books are taken over: {} becomes {}",
                                orderId,
                                stored.state(),
                                after.state());
                        book.change(stored, after);
                    }
                    return Optional.empty();
                });
    }

    /// The payment of an order, if it has one.
    public Optional<Payment> payment(UUID orderId) {
        return payments.of(orderId);
    }

    /// The operations of an order, oldest first.
    public List<Operations.Operation> operations(UUID orderId) {
        return operations.of(orderId);
    }

    /// The operation under a key, if there is one.
    public Optional<Operations.Operation> operation(String key) {
        return operations.byKey(key);
    }

    private <T> T inTransaction(Supplier<T> work) {
        var result = transactions.execute(_ -> work.get());
        if (result == null) {
            throw new IllegalStateException("the transaction gave no result");
        }
        return result;
    }
}
