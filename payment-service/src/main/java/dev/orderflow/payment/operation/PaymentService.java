package dev.orderflow.payment.operation;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.UuidV7;
import dev.orderflow.defaults.idempotency.RequestFingerprint;
import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.IntentStatus;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentCommand;
import dev.orderflow.payment.domain.PaymentDecision;
import dev.orderflow.payment.domain.PaymentDecision.CallGateway;
import dev.orderflow.payment.domain.PaymentDecision.CompleteOperation;
import dev.orderflow.payment.domain.PaymentDecision.PaymentRefusal;
import dev.orderflow.payment.domain.PaymentDecision.RefuseOperation;
import dev.orderflow.payment.domain.PaymentState.Authorized;
import dev.orderflow.payment.domain.PaymentState.Captured;
import dev.orderflow.payment.domain.PaymentState.Capturing;
import dev.orderflow.payment.domain.PaymentState.Confirming;
import dev.orderflow.payment.domain.PaymentState.Declined;
import dev.orderflow.payment.domain.PaymentState.IntentCreated;
import dev.orderflow.payment.domain.PaymentState.Refunded;
import dev.orderflow.payment.domain.PaymentState.Refunding;
import dev.orderflow.payment.domain.PaymentState.Requested;
import dev.orderflow.payment.domain.PaymentState.UnknownOutcome;
import dev.orderflow.payment.domain.PaymentState.Voided;
import dev.orderflow.payment.domain.PaymentState.Voiding;
import dev.orderflow.payment.domain.PaymentStateMachine;
import dev.orderflow.payment.gateway.GatewayResult;
import dev.orderflow.payment.gateway.GatewayResult.RefusalSubject;
import dev.orderflow.payment.gateway.PaymentGateway;
import dev.orderflow.payment.gateway.PaymentGateway.RefundLookup;
import dev.orderflow.payment.operation.PaymentResult.OperationCompleted;
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
public final class PaymentService {

    private static final Logger log = LoggerFactory.getLogger(PaymentService.class);

    /// Another transaction may store the same payment or take the same key in the same moment; at
    /// the second look it is there to be seen.
    private static final int BEGIN_ATTEMPTS = 3;

    private static final Duration STATUS_CHECK_DELAY = Duration.ofSeconds(1);

    /// How many further keys one request tries when the gateway knows one with other parameters.
    private static final int FURTHER_KEYS = 3;

    private final Payments payments;
    private final PaymentOperations operations;
    private final PaymentStore store;
    private final PaymentGateway gateway;
    private final TransactionOperations transactions;
    private final PaymentMeters meters;
    private final PaymentProperties properties;

    PaymentService(
            Payments payments,
            PaymentOperations operations,
            PaymentStore book,
            PaymentGateway gateway,
            TransactionOperations transactions,
            PaymentMeters meters,
            PaymentProperties properties) {
        this.payments = payments;
        this.operations = operations;
        this.store = book;
        this.gateway = gateway;
        this.transactions = transactions;
        this.meters = meters;
        this.properties = properties;
    }

    /// Does what is asked, once for each key, or tells why not.
    ///
    /// @param fingerprint of the body that the request was read from
    public PaymentResult perform(
            PaymentCommand request, String key, RequestFingerprint fingerprint) {
        var operation = new PaymentOperation(request, key, fingerprint, UUID.randomUUID());
        var reply =
                switch (beginWithRetry(operation)) {
                    case NextStep.Respond(var known) -> known;
                    case NextStep.Proceed(var payment, var again) ->
                            execute(operation, payment, again);
                };
        meters.count(request.type(), reply);
        return reply;
    }

    /// A request, and who is at work on it.
    private record PaymentOperation(
            PaymentCommand request, String key, RequestFingerprint fingerprint, UUID holder) {

        UUID orderId() {
            return request.orderId();
        }
    }

    private sealed interface NextStep {

        record Respond(PaymentResult result) implements NextStep {}

        /// @param again whether somebody was at work on it before, and may have asked the gateway
        ///     already
        record Proceed(Payment payment, boolean resumed) implements NextStep {}
    }

    private NextStep beginWithRetry(PaymentOperation operation) {
        for (int look = 1; ; look++) {
            try {
                return inTransaction(() -> begin(operation));
            } catch (DataIntegrityViolationException justTaken) {
                if (look == BEGIN_ATTEMPTS) {
                    throw justTaken;
                }
            }
        }
    }

    private NextStep begin(PaymentOperation operation) {
        var payment = payments.findForUpdate(operation.orderId());
        var earlier = operations.findByKey(operation.key());
        if (earlier.isEmpty()) {
            return beginNew(operation, payment);
        }
        var stored = earlier.get();
        if (!stored.matches(operation.request(), operation.fingerprint())) {
            return new NextStep.Respond(new PaymentResult.IdempotencyKeyReused());
        }
        if (payment.isEmpty()) {
            // Both were stored between our two looks; now both are to be seen.
            return begin(operation);
        }
        var known = payment.get();
        if (stored.result() != null) {
            return new NextStep.Respond(
                    new OperationCompleted(
                            known.paymentId(), known.orderId(), stored.result(), true));
        }
        if (stored.leased()) {
            return new NextStep.Respond(new PaymentResult.RequestInFlight());
        }
        operations.takeOverLease(operation.key(), operation.holder(), properties.lease());
        return continueOperation(operation, known, known, true);
    }

    private NextStep beginNew(PaymentOperation operation, Optional<Payment> earlier) {
        var request = operation.request();
        var decision =
                PaymentStateMachine.decide(earlier.orElse(null), request, operation.key(), false);
        if (decision instanceof RefuseOperation(var refusal)) {
            return new NextStep.Respond(
                    new PaymentResult.PaymentRefused(refusal, earlier.orElse(null)));
        }
        var payment = earlier.orElseGet(() -> newPayment(request));
        if (earlier.isEmpty() && !payments.add(payment)) {
            return begin(operation);
        }
        operations.begin(
                operation.key(),
                operation.orderId(),
                request.type(),
                operation.fingerprint(),
                operation.holder(),
                properties.lease());
        return applyDecision(operation, payment, payment, decision, false);
    }

    private static Payment newPayment(PaymentCommand request) {
        var paymentId = UuidV7.create(Instant.now());
        return request
                        instanceof
                        PaymentCommand.AuthorizePayment(var order, var customer, var _, var amount)
                ? new Payment(order, paymentId, customer, amount, new Requested(), 1)
                : new Payment(request.orderId(), paymentId, null, null, new Voided(null), 1);
    }

    /// What is next for an operation that was begun, with the payment as it was stored and as it
    /// is by now.
    private NextStep continueOperation(
            PaymentOperation operation, Payment stored, Payment now, boolean again) {
        var decision = PaymentStateMachine.decide(now, operation.request(), operation.key(), true);
        return applyDecision(operation, stored, now, decision, again);
    }

    private NextStep applyDecision(
            PaymentOperation operation,
            Payment stored,
            Payment now,
            PaymentDecision decision,
            boolean again) {
        return switch (decision) {
            case CompleteOperation(var after, var answer) -> {
                store.save(stored, now.withState(after));
                yield new NextStep.Respond(
                        new OperationCompleted(
                                now.paymentId(),
                                now.orderId(),
                                operations.complete(operation.key(), answer),
                                false));
            }
            case RefuseOperation(var refusal) -> {
                store.save(stored, now);
                operations.releaseLease(operation.key(), operation.holder());
                yield new NextStep.Respond(new PaymentResult.PaymentRefused(refusal, now));
            }
            case CallGateway(var before) -> {
                var ahead = now.withState(before);
                store.saveBeforeCall(stored, ahead);
                yield new NextStep.Proceed(ahead, again);
            }
        };
    }

    /// From here on no transaction is open but for moments.
    private PaymentResult execute(PaymentOperation operation, Payment begun, boolean again) {
        NextStep next = new NextStep.Proceed(begun, again);
        if (again && begun.state() instanceof Refunding refunding) {
            next = findRefund(operation, begun, refunding);
        } else if (again && begun.state() instanceof UnknownOutcome unknown) {
            if (!(gateway.retrieveStatus(unknown.intent())
                    instanceof GatewayResult.StatusReported(var _, var standing))) {
                return releaseOperation(operation, new PaymentResult.OutcomeUnknown());
            }
            if (standing instanceof IntentStatus.IntentProcessing) {
                return releaseOperation(operation, new PaymentResult.OutcomeUnknown());
            }
            next = applyStatus(operation, standing, false);
        }
        if (next instanceof NextStep.Proceed(var payment, var _)
                && payment.state() instanceof Requested
                && operation.request() instanceof PaymentCommand.AuthorizePayment authorize) {
            next = createIntent(operation, authorize, payment, FURTHER_KEYS);
        }
        if (next instanceof NextStep.Proceed(var payment, var _)) {
            next = callGateway(operation, payment, FURTHER_KEYS);
        }
        return switch (next) {
            case NextStep.Respond(var reply) -> reply;
            case NextStep.Proceed _ ->
                    releaseOperation(operation, new PaymentResult.OutcomeUnknown());
        };
    }

    private NextStep createIntent(
            PaymentOperation operation,
            PaymentCommand.AuthorizePayment authorize,
            Payment payment,
            int furtherKeys) {
        var answer =
                gateway.createIntent(
                        authorize.orderId(),
                        authorize.paymentMethod(),
                        authorize.amount(),
                        GatewayKeys.forCreation(payment));
        return switch (answer) {
            case GatewayResult.StatusReported(var intent, var _) -> storeIntent(operation, intent);
            case GatewayResult.PaymentMethodDeclined(var code) ->
                    changePayment(
                            operation,
                            now ->
                                    now.state() instanceof Requested
                                            ? now.withState(new Declined(null, code))
                                            : now);
            case GatewayResult.RequestRefused(var code, var subject) ->
                    recordRefusal(operation, store.useNextKey(payment), code, subject, null);
            // An intent that is not stored is never confirmed, so whatever was done under this key
            // charges nothing, and the next one is safe at once.
            case GatewayResult.KeyConflict _ -> {
                var now = store.useNextKey(payment);
                yield furtherKeys > 0 && now.state() instanceof Requested
                        ? createIntent(operation, authorize, now, furtherKeys - 1)
                        : respondUnavailable(operation);
            }
            case GatewayResult.GatewayUnreachable _ -> respondUnavailable(operation);
            // An intent that is not stored is never confirmed, so nothing is charged either way.
            case GatewayResult.ResultUnknown(var _, var keySpent) -> {
                if (keySpent) {
                    var unused = store.useNextKey(payment);
                }
                yield respondUnavailable(operation);
            }
        };
    }

    /// Stores the intent before anybody confirms it. A void may have come meanwhile; then it is
    /// cancelled, which only tidies up: nobody will confirm it.
    private NextStep storeIntent(PaymentOperation operation, IntentId intent) {
        var next =
                changePayment(
                        operation,
                        now ->
                                now.state() instanceof Requested
                                        ? now.withState(new Confirming(intent))
                                        : now);
        if (next instanceof NextStep.Respond) {
            var unused =
                    gateway.cancel(
                            intent, GatewayKeys.forUnusedIntent(operation.orderId(), intent));
            log.info(
                    "a void came before the intent of order {} was stored; cancelled: {}",
                    operation.orderId(),
                    unused);
        }
        return next;
    }

    private NextStep callGateway(PaymentOperation operation, Payment payment, int furtherKeys) {
        if (!(payment.state() instanceof UnknownOutcome unknown)) {
            return new NextStep.Proceed(payment, true);
        }
        var answer = call(operation.request(), payment, unknown.intent());
        if (unknown instanceof Refunding refunding) {
            return handleRefundResult(operation, payment, refunding, answer);
        }
        return switch (answer) {
            case GatewayResult.StatusReported(var _, var standing) ->
                    applyStatus(operation, standing, false);
            case GatewayResult.PaymentMethodDeclined(var code) when unknown instanceof Confirming ->
                    applyStatus(operation, new IntentStatus.IntentDeclined(code), false);
            case GatewayResult.PaymentMethodDeclined(var code) ->
                    handleRefusal(operation, unknown, code, RefusalSubject.OTHER);
            case GatewayResult.RequestRefused(var code, var subject) ->
                    handleRefusal(operation, unknown, code, subject);
            // An intent is confirmed, captured and cancelled at most once, so when it is not done
            // the next key is safe.
            case GatewayResult.KeyConflict _ -> {
                var next =
                        retrieveStatus(operation, unknown, "key known with other parameters", true);
                yield furtherKeys > 0
                                && next instanceof NextStep.Proceed(var now, var _)
                                && now.keyNumber() > payment.keyNumber()
                        ? callGateway(operation, now, furtherKeys - 1)
                        : next;
            }
            case GatewayResult.GatewayUnreachable _ -> respondUnavailable(operation);
            case GatewayResult.ResultUnknown(var why, var keySpent) ->
                    retrieveStatus(operation, unknown, why, keySpent);
        };
    }

    private GatewayResult call(PaymentCommand request, Payment payment, IntentId intent) {
        var key = GatewayKeys.forOperation(payment);
        return switch (request) {
            case PaymentCommand.AuthorizePayment _ -> gateway.confirm(intent, key);
            case PaymentCommand.CapturePayment(var _, var amount) ->
                    gateway.capture(intent, amount, key);
            case PaymentCommand.VoidPayment _ -> gateway.cancel(intent, key);
            case PaymentCommand.RefundPayment(var order, var amount, var reason) ->
                    gateway.refund(order, intent, amount, reason, key);
        };
    }

    /// Asks how the intent stands, since the call did not tell.
    private NextStep retrieveStatus(
            PaymentOperation operation, UnknownOutcome unknown, String why, boolean keySpent) {
        log.info(
                "order {}: {} of {} has no clear answer ({}), asking",
                operation.orderId(),
                unknown.operation(),
                unknown.intent().value(),
                why);
        return gateway.retrieveStatus(unknown.intent())
                        instanceof GatewayResult.StatusReported(var _, var standing)
                ? applyStatus(operation, standing, keySpent)
                : new NextStep.Respond(
                        releaseOperation(operation, new PaymentResult.OutcomeUnknown()));
    }

    /// The gateway refused for good. Whether that is because it was done before, the intent tells.
    private NextStep handleRefusal(
            PaymentOperation operation,
            UnknownOutcome unknown,
            String code,
            RefusalSubject subject) {
        if (!(gateway.retrieveStatus(unknown.intent())
                        instanceof GatewayResult.StatusReported(var _, var standing))
                || standing instanceof IntentStatus.IntentProcessing) {
            return new NextStep.Respond(
                    releaseOperation(operation, new PaymentResult.OutcomeUnknown()));
        }
        return inTransaction(
                () -> {
                    var stored = payments.findForUpdate(operation.orderId()).orElseThrow();
                    var now = store.applyStatus(stored, standing, false);
                    if (!now.state().equals(unknown)) {
                        return continueOperation(operation, stored, now, true);
                    }
                    var after =
                            now.withState(
                                            PaymentStateMachine.stateAfterRefusal(
                                                    unknown,
                                                    subject == RefusalSubject.AUTHORIZATION))
                                    .withNextKey();
                    store.saveBeforeCall(stored, after);
                    store.scheduleStatusCheck(operation.orderId(), STATUS_CHECK_DELAY);
                    return recordRefusal(operation, after, code, subject, null);
                });
    }

    private NextStep recordRefusal(
            PaymentOperation operation,
            Payment now,
            String code,
            RefusalSubject subject,
            @Nullable Money refundedAtGateway) {
        log.error(
                "order {}: the gateway refused the {}: {}",
                operation.orderId(),
                operation.request().type(),
                code);
        operations.recordRefusal(operation.key(), operation.holder(), code);
        return new NextStep.Respond(
                new PaymentResult.GatewayRefused(code, subject, now, refundedAtGateway));
    }

    private NextStep handleRefundResult(
            PaymentOperation operation,
            Payment payment,
            Refunding refunding,
            GatewayResult answer) {
        return switch (answer) {
            case GatewayResult.StatusReported(var _, var standing) ->
                    completeRefund(operation, standing);
            case GatewayResult.PaymentMethodDeclined(var code) ->
                    handleRefundRefusal(operation, refunding, code, RefusalSubject.OTHER);
            case GatewayResult.RequestRefused(var code, var subject) ->
                    handleRefundRefusal(operation, refunding, code, subject);
            case GatewayResult.GatewayUnreachable _ -> respondUnavailable(operation);
            // The next key would be another refund, so none is taken here.
            case GatewayResult.KeyConflict _, GatewayResult.ResultUnknown _ ->
                    findRefund(operation, payment, refunding);
        };
    }

    /// @return [OutageWaitResult.Proceed] when the refund was not made, as far as the gateway knows
    private NextStep findRefund(PaymentOperation operation, Payment payment, Refunding refunding) {
        return switch (gateway.findRefund(
                refunding.intent(),
                refunding.refund().amount(),
                GatewayKeys.forOperation(payment))) {
            case RefundLookup.RefundFound _ -> completeRefund(operation, null);
            case RefundLookup.RefundAbsent _ -> new NextStep.Proceed(payment, true);
            case RefundLookup.RefundAmbiguous _ -> {
                store.reportAmbiguousRefund(operation.orderId());
                yield new NextStep.Respond(
                        releaseOperation(operation, new PaymentResult.OutcomeUnknown()));
            }
            case RefundLookup.RefundLookupFailed _ ->
                    new NextStep.Respond(
                            releaseOperation(operation, new PaymentResult.OutcomeUnknown()));
        };
    }

    /// @param standing how the intent stands since, if the gateway told
    private NextStep completeRefund(PaymentOperation operation, @Nullable IntentStatus standing) {
        return inTransaction(
                () -> {
                    var stored = payments.findForUpdate(operation.orderId()).orElseThrow();
                    Money refundedAtGateway = null;
                    if (standing != null) {
                        // Says so when the gateway contradicts itself.
                        var unused = store.applyStatus(stored, standing, false);
                        refundedAtGateway = refundedAmount(standing);
                    }
                    var now = store.completeRefund(stored, operation.key(), refundedAtGateway);
                    return respondWithStoredResult(operation, now);
                });
    }

    private NextStep respondWithStoredResult(PaymentOperation operation, Payment now) {
        var answer = operations.findByKey(operation.key()).orElseThrow().result();
        return new NextStep.Respond(
                answer == null
                        ? new PaymentResult.OutcomeUnknown()
                        : new OperationCompleted(now.paymentId(), now.orderId(), answer, false));
    }

    private NextStep handleRefundRefusal(
            PaymentOperation operation, Refunding refunding, String code, RefusalSubject subject) {
        var refundedAtGateway =
                gateway.retrieveStatus(refunding.intent())
                                instanceof GatewayResult.StatusReported(var _, var standing)
                        ? refundedAmount(standing)
                        : null;
        return inTransaction(
                () -> {
                    var stored = payments.findForUpdate(operation.orderId()).orElseThrow();
                    if (!stored.state().equals(refunding)) {
                        return respondWithStoredResult(operation, stored);
                    }
                    var after = stored.withState(refunding.stateIfNotDone());
                    store.save(stored, after);
                    return recordRefusal(operation, after, code, subject, refundedAtGateway);
                });
    }

    private static @Nullable Money refundedAmount(IntentStatus standing) {
        return standing instanceof IntentStatus.IntentCaptured(var _, var refunded)
                ? refunded
                : null;
    }

    private NextStep applyStatus(
            PaymentOperation operation, IntentStatus standing, boolean keySpent) {
        return changePayment(operation, now -> store.applyStatus(now, standing, keySpent));
    }

    private NextStep changePayment(PaymentOperation operation, UnaryOperator<Payment> change) {
        return inTransaction(
                () -> {
                    var stored = payments.findForUpdate(operation.orderId()).orElseThrow();
                    return continueOperation(operation, stored, change.apply(stored), true);
                });
    }

    private NextStep respondUnavailable(PaymentOperation operation) {
        return new NextStep.Respond(
                releaseOperation(operation, new PaymentResult.GatewayUnavailable()));
    }

    /// Leaves the operation to whoever comes next: this caller again, or the reconciler.
    private PaymentResult releaseOperation(PaymentOperation operation, PaymentResult reply) {
        transactions.executeWithoutResult(
                _ -> {
                    operations.releaseLease(operation.key(), operation.holder());
                    store.scheduleStatusCheck(operation.orderId(), STATUS_CHECK_DELAY);
                });
        return reply;
    }

    /// Whether an order's money is held for long enough to dispatch it, as the gateway has it now.
    /// A hold that has ended there ends here too.
    public AuthorizationVerification verifyAuthorization(UUID orderId) {
        var found = payments.findByOrder(orderId);
        if (found.isEmpty()) {
            return new AuthorizationVerification.PaymentMissing();
        }
        var payment = found.get();
        return switch (payment.state()) {
            case Authorized(var intent) -> verifyAuthorization(payment, intent);
            case Captured _ ->
                    new AuthorizationVerification.AuthorizationVerified(payment, true, null);
            case Requested _, IntentCreated _, Confirming _, Capturing _ ->
                    new AuthorizationVerification.OperationPending(payment);
            case Declined _, Voiding _, Voided _, Refunding _, Refunded _ ->
                    new AuthorizationVerification.AuthorizationVerified(payment, false, null);
        };
    }

    private AuthorizationVerification verifyAuthorization(Payment payment, IntentId intent) {
        if (!(gateway.retrieveStatus(intent)
                instanceof GatewayResult.StatusReported(var _, var standing))) {
            return new AuthorizationVerification.AuthorizationStatusUnavailable();
        }
        if (standing instanceof IntentStatus.IntentAuthorized(var until)) {
            boolean lasts =
                    until == null
                            || Instant.now().plus(properties.authorizationMargin()).isBefore(until);
            return new AuthorizationVerification.AuthorizationVerified(payment, lasts, until);
        }
        var now =
                inTransaction(
                        () -> {
                            var stored = payments.findForUpdate(payment.orderId()).orElseThrow();
                            var after = store.applyStatus(stored, standing, false);
                            store.save(stored, after);
                            return after;
                        });
        return now.state() instanceof Authorized || now.state() instanceof UnknownOutcome
                ? new AuthorizationVerification.OperationPending(now)
                : new AuthorizationVerification.AuthorizationVerified(
                        now, now.state() instanceof Captured, null);
    }

    /// Takes over what the gateway has, for an order of which a person has found that the gateway
    /// is right: a refund or a cancellation that was made there counts here from now on.
    ///
    /// @return the reason why not; none when it was taken over
    public Optional<PaymentRefusal> adoptGatewayState(UUID orderId) {
        var found = payments.findByOrder(orderId);
        if (found.isEmpty()) {
            return Optional.of(PaymentRefusal.NO_PAYMENT);
        }
        var intent = found.get().state().intentIfOutcomeKnown();
        if (intent.isEmpty()) {
            return found.get().state() instanceof UnknownOutcome
                    ? Optional.of(PaymentRefusal.OPERATION_PENDING)
                    : Optional.empty();
        }
        if (!(gateway.retrieveStatus(intent.get())
                instanceof GatewayResult.StatusReported(var _, var standing))) {
            return Optional.of(PaymentRefusal.OPERATION_PENDING);
        }
        return inTransaction(
                () -> {
                    var stored = payments.findForUpdate(orderId).orElseThrow();
                    if (stored.state() instanceof UnknownOutcome) {
                        return Optional.of(PaymentRefusal.OPERATION_PENDING);
                    }
                    var after =
                            stored.withState(
                                    PaymentStateMachine.adoptGatewayState(
                                            stored.state(), standing));
                    if (!after.equals(stored)) {
                        log.warn(
                                "order {}: the gateway's books are taken over: {} becomes {}",
                                orderId,
                                stored.state(),
                                after.state());
                        store.save(stored, after);
                    }
                    return Optional.empty();
                });
    }

    /// The payment of an order, if it has one.
    public Optional<Payment> findPayment(UUID orderId) {
        return payments.findByOrder(orderId);
    }

    /// The operations of an order, oldest first.
    public List<PaymentOperations.StoredOperation> findOperations(UUID orderId) {
        return operations.findByOrder(orderId);
    }

    /// The operation under a key, if there is one.
    public Optional<PaymentOperations.StoredOperation> findOperation(String key) {
        return operations.findByKey(key);
    }

    private <T> T inTransaction(Supplier<T> work) {
        var result = transactions.execute(_ -> work.get());
        if (result == null) {
            throw new IllegalStateException("the transaction gave no result");
        }
        return result;
    }
}
