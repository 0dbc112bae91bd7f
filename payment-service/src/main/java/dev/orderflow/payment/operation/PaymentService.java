package dev.orderflow.payment.operation;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.defaults.history.OrderIncidentType;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.defaults.idempotency.RequestFingerprint;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.IntentStatus;
import dev.orderflow.payment.domain.OperationCommand;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentState;
import dev.orderflow.payment.domain.PaymentState.Confirming;
import dev.orderflow.payment.domain.PaymentState.Declined;
import dev.orderflow.payment.domain.PaymentState.Refunding;
import dev.orderflow.payment.domain.PaymentState.Requested;
import dev.orderflow.payment.domain.PaymentState.UnknownOutcome;
import dev.orderflow.payment.domain.PaymentStateMachine;
import dev.orderflow.payment.gateway.GatewayResult;
import dev.orderflow.payment.gateway.GatewayResult.RefusalSubject;
import dev.orderflow.payment.gateway.PaymentGateway;
import dev.orderflow.payment.gateway.PaymentGateway.RefundLookup;
import dev.orderflow.payment.operation.OperationLifecycle.NextStep;
import dev.orderflow.payment.operation.OperationLifecycle.PaymentOperation;
import dev.orderflow.payment.operation.PaymentResult.OperationCompleted;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Performs the operations of payments. No transaction is open while the gateway is called.
@Component
public final class PaymentService {

    private static final Logger log = LoggerFactory.getLogger(PaymentService.class);

    /// How many further keys one request tries when the gateway knows a key with other parameters.
    private static final int MAX_FURTHER_KEYS = 3;

    private final Payments payments;
    private final PaymentOperations operations;
    private final OperationLifecycle lifecycle;
    private final PaymentStore store;
    private final PaymentGateway gateway;
    private final PaymentMeters meters;
    private final OrderIncidents incidents;

    PaymentService(
            Payments payments,
            PaymentOperations operations,
            OperationLifecycle lifecycle,
            PaymentStore store,
            PaymentGateway gateway,
            PaymentMeters meters,
            OrderIncidents incidents) {
        this.payments = payments;
        this.operations = operations;
        this.lifecycle = lifecycle;
        this.store = store;
        this.gateway = gateway;
        this.meters = meters;
        this.incidents = incidents;
    }

    /// Performs a command once per idempotency key.
    ///
    /// @param fingerprint the fingerprint of the request body that the command was read from
    /// @param operator who sent the request; null for the workflow
    public PaymentResult perform(
            OperationCommand command,
            String key,
            RequestFingerprint fingerprint,
            @Nullable Operator operator) {
        var operation =
                new PaymentOperation(command, key, fingerprint, operator, UUID.randomUUID());
        var result =
                switch (lifecycle.begin(operation)) {
                    case NextStep.Respond(var known) -> known;
                    case NextStep.Proceed(var payment, var resumed) ->
                            execute(operation, payment, resumed);
                };
        meters.count(command.type(), result);
        return result;
    }

    private PaymentResult execute(PaymentOperation operation, Payment payment, boolean resumed) {
        var next = resumed ? retrieveBeforeCall(operation, payment) : proceed(payment);
        if (next instanceof NextStep.Proceed(var current, var _)
                && current.state() instanceof Requested
                && operation.command() instanceof OperationCommand.AuthorizeCommand authorize) {
            next = createIntent(operation, authorize, current, MAX_FURTHER_KEYS);
        }
        if (next instanceof NextStep.Proceed(var current, var _)) {
            next = callGateway(operation, current, MAX_FURTHER_KEYS);
        }
        if (next instanceof NextStep.Proceed) {
            next = releaseWithUnknownOutcome(operation);
        }
        return ((NextStep.Respond) next).result();
    }

    /// Retrieves the outcome of an earlier attempt before the gateway is called again.
    private NextStep retrieveBeforeCall(PaymentOperation operation, Payment payment) {
        return switch (payment.state()) {
            case Refunding refunding -> findRefund(operation, payment, refunding);
            case UnknownOutcome unknown ->
                    gateway.retrieveStatus(unknown.intent())
                                            instanceof
                                            GatewayResult.StatusReported(var _, var status)
                                    && !(status instanceof IntentStatus.IntentProcessing)
                            ? applyStatus(operation, status, false)
                            : releaseWithUnknownOutcome(operation);
            case PaymentState _ -> proceed(payment);
        };
    }

    private static NextStep proceed(Payment payment) {
        return new NextStep.Proceed(payment, true);
    }

    private NextStep createIntent(
            PaymentOperation operation,
            OperationCommand.AuthorizeCommand authorize,
            Payment payment,
            int furtherKeys) {
        var result =
                gateway.createIntent(
                        authorize.orderId(),
                        authorize.paymentMethod(),
                        authorize.amount(),
                        GatewayKeys.forCreation(payment));
        recordIncident(operation, GatewayStep.CREATE_INTENT, result);
        return switch (result) {
            case GatewayResult.StatusReported(var intent, var _) -> storeIntent(operation, intent);
            case GatewayResult.PaymentMethodDeclined(var code) ->
                    lifecycle.changePayment(
                            operation,
                            stored ->
                                    stored.state() instanceof Requested
                                            ? stored.withState(new Declined(null, code))
                                            : stored);
            case GatewayResult.RequestRefused(var code, var subject) ->
                    recordRefusal(operation, store.useNextKey(payment), code, subject, null);
            // An intent that is not stored is never confirmed, so whatever was done under this key
            // charges nothing, and the next key is safe at once.
            case GatewayResult.KeyConflict _ -> {
                var current = store.useNextKey(payment);
                yield furtherKeys > 0 && current.state() instanceof Requested
                        ? createIntent(operation, authorize, current, furtherKeys - 1)
                        : releaseWithUnknownIntent(operation);
            }
            case GatewayResult.GatewayUnreachable _ -> releaseUnavailable(operation);
            // An intent that is not stored is never confirmed, so nothing is charged either way.
            case GatewayResult.ResultUnknown(var _, var failureStored) -> {
                if (failureStored) {
                    var _ = store.useNextKey(payment);
                }
                yield releaseWithUnknownIntent(operation);
            }
        };
    }

    /// Stores the intent before it is confirmed. If the payment was voided meanwhile, the intent
    /// will never be confirmed, and it is cancelled so that no unused intent remains at the
    /// gateway.
    private NextStep storeIntent(PaymentOperation operation, IntentId intent) {
        var next =
                lifecycle.changePayment(
                        operation,
                        stored ->
                                stored.state() instanceof Requested
                                        ? stored.withState(new Confirming(intent))
                                        : stored);
        if (next instanceof NextStep.Respond) {
            var result =
                    gateway.cancel(
                            intent, GatewayKeys.forUnusedIntent(operation.orderId(), intent));
            log.info(
                    "order {}: payment was voided before its intent was stored; cancelled the"
                            + " intent: {}",
                    operation.orderId(),
                    result);
        }
        return next;
    }

    private NextStep callGateway(PaymentOperation operation, Payment payment, int furtherKeys) {
        if (!(payment.state() instanceof UnknownOutcome unknown)) {
            return proceed(payment);
        }
        var result = call(operation.command(), payment, unknown.intent());
        recordIncident(operation, GatewayStep.of(unknown), result);
        if (unknown instanceof Refunding refunding) {
            return handleRefundResult(operation, payment, refunding, result);
        }
        return switch (result) {
            case GatewayResult.StatusReported(var _, var status) ->
                    applyStatus(operation, status, false);
            case GatewayResult.PaymentMethodDeclined(var code) when unknown instanceof Confirming ->
                    applyStatus(operation, new IntentStatus.IntentDeclined(code), false);
            case GatewayResult.PaymentMethodDeclined(var code) ->
                    handleRefusal(operation, unknown, code, RefusalSubject.OTHER);
            case GatewayResult.RequestRefused(var code, var subject) ->
                    handleRefusal(operation, unknown, code, subject);
            // The gateway confirms, captures and cancels an intent at most once under any key, so
            // the next key is safe after the status shows that the operation was not done.
            case GatewayResult.KeyConflict _ -> {
                var next =
                        retrieveStatus(operation, unknown, "key known with other parameters", true);
                yield furtherKeys > 0
                                && next instanceof NextStep.Proceed(var current, var _)
                                && current.keyNumber() > payment.keyNumber()
                        ? callGateway(operation, current, furtherKeys - 1)
                        : next;
            }
            case GatewayResult.GatewayUnreachable _ -> releaseUnavailable(operation);
            case GatewayResult.ResultUnknown(var reason, var failureStored) ->
                    retrieveStatus(operation, unknown, reason, failureStored);
        };
    }

    /// What follows a call without a clear result depends on the call.
    private enum GatewayStep {
        CREATE_INTENT(
                "only an intent that is stored here is confirmed, so nothing is charged.",
                "the next key is used, since nothing is charged."),
        CHANGE_INTENT(
                "its status is retrieved.", "its status is retrieved before the next key is used."),
        REFUND(
                "the refunds at the gateway are searched for it.",
                "the key is kept, since the next one would refund again, and the refunds at the"
                        + " gateway are searched for it.");

        private final String afterUnknownResult;
        private final String afterKeyConflict;

        GatewayStep(String afterUnknownResult, String afterKeyConflict) {
            this.afterUnknownResult = afterUnknownResult;
            this.afterKeyConflict = afterKeyConflict;
        }

        static GatewayStep of(UnknownOutcome pending) {
            return pending instanceof Refunding ? REFUND : CHANGE_INTENT;
        }

        String describe(PaymentOperation operation) {
            return this == CREATE_INTENT
                    ? "creation of the payment intent"
                    : operation.command().type().name();
        }
    }

    /// A call with a clear result needs none: the operation has it.
    private void recordIncident(
            PaymentOperation operation, GatewayStep call, GatewayResult result) {
        switch (result) {
            case GatewayResult.GatewayUnreachable _ ->
                    incidents.record(
                            operation.orderId(),
                            OrderIncidentType.CALL_FAILED,
                            "payment-gateway",
                            "The gateway could not be reached for the %s; nothing was done."
                                    .formatted(call.describe(operation)));
            case GatewayResult.ResultUnknown(var reason, var _) ->
                    incidents.record(
                            operation.orderId(),
                            OrderIncidentType.CALL_UNANSWERED,
                            "payment-gateway",
                            "The gateway gave no clear answer to the %s (%s); %s"
                                    .formatted(
                                            call.describe(operation),
                                            reason,
                                            call.afterUnknownResult));
            case GatewayResult.KeyConflict _ ->
                    incidents.record(
                            operation.orderId(),
                            OrderIncidentType.CALL_FAILED,
                            "payment-gateway",
                            "The gateway knows the key of the %s with other parameters; %s"
                                    .formatted(call.describe(operation), call.afterKeyConflict));
            case GatewayResult.StatusReported _,
                    GatewayResult.PaymentMethodDeclined _,
                    GatewayResult.RequestRefused _ -> {}
        }
    }

    private GatewayResult call(OperationCommand command, Payment payment, IntentId intent) {
        var key = GatewayKeys.forOperation(payment);
        return switch (command) {
            case OperationCommand.AuthorizeCommand _ -> gateway.confirm(intent, key);
            case OperationCommand.CaptureCommand(var _, var amount) ->
                    gateway.capture(intent, amount, key);
            case OperationCommand.VoidCommand _ -> gateway.cancel(intent, key);
            case OperationCommand.RefundCommand(var order, var amount, var reason, var _) ->
                    gateway.refund(order, intent, amount, reason, key);
        };
    }

    /// Retrieves the status of the intent after a call without a clear result.
    private NextStep retrieveStatus(
            PaymentOperation operation,
            UnknownOutcome unknown,
            String reason,
            boolean failureStored) {
        log.info(
                "order {}: {} of intent {} has no clear result ({}); retrieving the status",
                operation.orderId(),
                unknown.operation(),
                unknown.intent().value(),
                reason);
        return gateway.retrieveStatus(unknown.intent())
                        instanceof GatewayResult.StatusReported(var _, var status)
                ? applyStatus(operation, status, failureStored)
                : releaseWithUnknownOutcome(operation);
    }

    private NextStep applyStatus(
            PaymentOperation operation, IntentStatus status, boolean failureStored) {
        return lifecycle.changePayment(
                operation, stored -> store.applyStatus(stored, status, failureStored));
    }

    /// Handles a permanent refusal. The gateway also refuses an operation that it has done before,
    /// so the status of the intent decides.
    private NextStep handleRefusal(
            PaymentOperation operation,
            UnknownOutcome unknown,
            String code,
            RefusalSubject subject) {
        if (!(gateway.retrieveStatus(unknown.intent())
                        instanceof GatewayResult.StatusReported(var _, var status))
                || status instanceof IntentStatus.IntentProcessing) {
            return releaseWithUnknownOutcome(operation);
        }
        return lifecycle.inTransaction(
                operation,
                stored -> {
                    var current = store.applyStatus(stored, status, false);
                    if (!current.state().equals(unknown)) {
                        return lifecycle.continueOperation(operation, stored, current);
                    }
                    var after =
                            current.withState(
                                            PaymentStateMachine.stateAfterRefusal(
                                                    unknown,
                                                    subject == RefusalSubject.AUTHORIZATION))
                                    .withNextKey();
                    store.saveBeforeCall(stored, after);
                    lifecycle.scheduleStatusCheck(operation);
                    return recordRefusal(operation, after, code, subject, null);
                });
    }

    private NextStep recordRefusal(
            PaymentOperation operation,
            Payment payment,
            String code,
            RefusalSubject subject,
            @Nullable Money refundedAtGateway) {
        log.error(
                "order {}: the gateway refused the {} with code {}",
                operation.orderId(),
                operation.command().type(),
                code);
        operations.recordRefusal(operation.key(), operation.holder(), code);
        return new NextStep.Respond(
                new PaymentResult.GatewayRefused(code, subject, payment, refundedAtGateway));
    }

    private NextStep handleRefundResult(
            PaymentOperation operation,
            Payment payment,
            Refunding refunding,
            GatewayResult result) {
        return switch (result) {
            case GatewayResult.StatusReported(var _, var status) ->
                    completeRefund(operation, status);
            case GatewayResult.PaymentMethodDeclined(var code) ->
                    handleRefundRefusal(operation, refunding, code, RefusalSubject.OTHER);
            case GatewayResult.RequestRefused(var code, var subject) ->
                    handleRefundRefusal(operation, refunding, code, subject);
            case GatewayResult.GatewayUnreachable _ -> releaseUnavailable(operation);
            // Under the next key it would be another refund, so the key is kept.
            case GatewayResult.KeyConflict _, GatewayResult.ResultUnknown _ ->
                    findRefund(operation, payment, refunding);
        };
    }

    /// @return [NextStep.Proceed] when the gateway has no such refund
    private NextStep findRefund(PaymentOperation operation, Payment payment, Refunding refunding) {
        return switch (gateway.findRefund(
                refunding.intent(),
                refunding.refund().amount(),
                GatewayKeys.forOperation(payment))) {
            case RefundLookup.RefundFound _ -> completeRefund(operation, null);
            case RefundLookup.RefundAbsent _ -> proceed(payment);
            case RefundLookup.RefundAmbiguous _ -> {
                store.reportAmbiguousRefund(operation.orderId());
                yield releaseWithUnknownOutcome(operation);
            }
            case RefundLookup.RefundLookupFailed _ -> releaseWithUnknownOutcome(operation);
        };
    }

    /// @param status the status of the intent after the refund; null when it could not be retrieved
    private NextStep completeRefund(PaymentOperation operation, @Nullable IntentStatus status) {
        return lifecycle.inTransaction(
                operation,
                stored -> {
                    Money refundedAtGateway = null;
                    if (status != null) {
                        // Only reports a contradiction; a refund changes no state by its status.
                        var _ = store.applyStatus(stored, status, false);
                        refundedAtGateway = refundedAmount(status);
                    }
                    var current = store.completeRefund(stored, operation.key(), refundedAtGateway);
                    return respondWithStoredResult(operation, current);
                });
    }

    private NextStep respondWithStoredResult(PaymentOperation operation, Payment payment) {
        var result = operations.findByKey(operation.key()).orElseThrow().result();
        return new NextStep.Respond(
                result == null
                        ? new PaymentResult.OutcomeUnknown()
                        : new OperationCompleted(
                                payment.paymentId(), payment.orderId(), result, false));
    }

    private NextStep handleRefundRefusal(
            PaymentOperation operation, Refunding refunding, String code, RefusalSubject subject) {
        var refundedAtGateway =
                gateway.retrieveStatus(refunding.intent())
                                instanceof GatewayResult.StatusReported(var _, var status)
                        ? refundedAmount(status)
                        : null;
        return lifecycle.inTransaction(
                operation,
                stored -> {
                    if (!stored.state().equals(refunding)) {
                        return respondWithStoredResult(operation, stored);
                    }
                    var after = stored.withState(refunding.stateIfNotDone());
                    store.save(stored, after);
                    return recordRefusal(operation, after, code, subject, refundedAtGateway);
                });
    }

    private static @Nullable Money refundedAmount(IntentStatus status) {
        return status instanceof IntentStatus.IntentCaptured(var _, var refunded) ? refunded : null;
    }

    private NextStep releaseWithUnknownOutcome(PaymentOperation operation) {
        return lifecycle.release(operation, new PaymentResult.OutcomeUnknown());
    }

    private NextStep releaseWithUnknownIntent(PaymentOperation operation) {
        return lifecycle.release(operation, new PaymentResult.IntentCreationUnknown());
    }

    private NextStep releaseUnavailable(PaymentOperation operation) {
        return lifecycle.release(operation, new PaymentResult.GatewayUnavailable());
    }

    /// The payment of an order, if it has one.
    public Optional<Payment> findPayment(UUID orderId) {
        return payments.findByOrder(orderId);
    }

    /// The operations of an order, oldest first.
    public List<PaymentOperations.StoredOperation> findOperations(UUID orderId) {
        return operations.findByOrder(orderId);
    }

    /// The operation under an idempotency key, if there is one.
    public Optional<PaymentOperations.StoredOperation> findOperation(String key) {
        return operations.findByKey(key);
    }
}
