package dev.orderflow.payment.domain;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.payment.domain.IntentStatus.IntentAuthorized;
import dev.orderflow.payment.domain.IntentStatus.IntentCancelled;
import dev.orderflow.payment.domain.IntentStatus.IntentCaptured;
import dev.orderflow.payment.domain.IntentStatus.IntentDeclined;
import dev.orderflow.payment.domain.IntentStatus.IntentProcessing;
import dev.orderflow.payment.domain.IntentStatus.IntentUnconfirmed;
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
import dev.orderflow.payment.domain.PaymentState.PendingRefund;
import dev.orderflow.payment.domain.PaymentState.Refunded;
import dev.orderflow.payment.domain.PaymentState.Refunding;
import dev.orderflow.payment.domain.PaymentState.Requested;
import dev.orderflow.payment.domain.PaymentState.UnknownOutcome;
import dev.orderflow.payment.domain.PaymentState.Voided;
import dev.orderflow.payment.domain.PaymentState.Voiding;
import dev.orderflow.payment.domain.StatusUpdate.Contradiction;
import dev.orderflow.payment.domain.StatusUpdate.NoStateChange;
import dev.orderflow.payment.domain.StatusUpdate.StateChange;
import org.jspecify.annotations.Nullable;

/// The two tables of a payment: state × request, and state × report of the gateway.
public final class PaymentStateMachine {

    private static final StatusUpdate NO_CHANGE = new NoStateChange();

    private PaymentStateMachine() {}

    /// What a request means for the payment of its order.
    ///
    /// @param payment none, when the order has no payment yet
    /// @param key the idempotency key of the request
    /// @param own whether this very request, by its key, was begun before and has no answer yet
    public static PaymentDecision decide(
            @Nullable Payment payment, PaymentCommand request, String key, boolean own) {
        if (payment == null) {
            return switch (request) {
                case PaymentCommand.AuthorizePayment _ -> new CallGateway(new Requested());
                case PaymentCommand.VoidPayment _ -> voidWithoutGateway();
                case PaymentCommand.CapturePayment _, PaymentCommand.RefundPayment _ ->
                        new RefuseOperation(PaymentRefusal.NO_PAYMENT);
            };
        }
        return switch (request) {
            case PaymentCommand.AuthorizePayment _ -> authorize(payment, own);
            case PaymentCommand.CapturePayment(var _, var amount) -> capture(payment, amount, own);
            case PaymentCommand.VoidPayment _ -> voidPayment(payment.state());
            case PaymentCommand.RefundPayment(var _, var amount, var _) ->
                    refund(payment.state(), amount, key);
        };
    }

    private static PaymentDecision authorize(Payment payment, boolean own) {
        var state = payment.state();
        if (state instanceof Voided || state instanceof Voiding) {
            return new CompleteOperation(state, new OperationResult.AlreadyVoided());
        }
        if (!own) {
            return new RefuseOperation(PaymentRefusal.AUTHORIZATION_EXISTS);
        }
        return switch (state) {
            case Requested _, Confirming _ -> new CallGateway(state);
            case IntentCreated(var intent) -> new CallGateway(new Confirming(intent));
            case Declined(var _, var code) ->
                    new CompleteOperation(state, new OperationResult.AuthorizationDeclined(code));
            case Authorized _, Capturing _, Captured _, Refunding _, Refunded _ ->
                    new CompleteOperation(
                            state,
                            new OperationResult.OperationSucceeded(
                                    PaymentStatus.AUTHORIZED, payment.amount()));
            case Voided _, Voiding _ ->
                    new CompleteOperation(state, new OperationResult.AlreadyVoided());
        };
    }

    private static PaymentDecision capture(Payment payment, Money amount, boolean own) {
        var state = payment.state();
        return switch (state) {
            case Requested _, IntentCreated _, Confirming _, Voiding _ ->
                    new RefuseOperation(PaymentRefusal.OPERATION_PENDING);
            case Authorized(var intent) ->
                    payment.amount() != null && amount.isWithin(payment.amount())
                            ? new CallGateway(new Capturing(intent))
                            : new RefuseOperation(PaymentRefusal.AMOUNT_NOT_ALLOWED);
            case Capturing _ ->
                    own
                            ? new CallGateway(state)
                            : new RefuseOperation(PaymentRefusal.OPERATION_PENDING);
            case Captured(var _, var captured) -> repeatCapture(state, captured, amount, own);
            case Refunding(var _, var captured, var _, var _) ->
                    repeatCapture(state, captured, amount, own);
            case Refunded(var _, var captured, var _) ->
                    repeatCapture(state, captured, amount, own);
            case Declined _ -> new RefuseOperation(PaymentRefusal.NOT_CAPTURABLE);
            case Voided _ -> new CompleteOperation(state, new OperationResult.AlreadyVoided());
        };
    }

    /// Taking the same amount again is no new taking, whatever key it comes with.
    private static PaymentDecision repeatCapture(
            PaymentState state, Money captured, Money wanted, boolean own) {
        return own || wanted.equals(captured)
                ? new CompleteOperation(
                        state,
                        new OperationResult.OperationSucceeded(PaymentStatus.CAPTURED, captured))
                : new RefuseOperation(PaymentRefusal.AMOUNT_NOT_ALLOWED);
    }

    private static PaymentDecision voidPayment(PaymentState state) {
        return switch (state) {
            // No intent is stored, so none will be confirmed: whoever comes to store one finds the
            // tombstone.
            case Requested _ -> voidWithoutGateway();
            case IntentCreated(var intent) -> new CallGateway(new Voiding(intent));
            case Confirming(var intent) -> new CallGateway(new Voiding(intent));
            case Authorized(var intent) -> new CallGateway(new Voiding(intent));
            case Declined(var intent, var _) ->
                    intent == null ? voidWithoutGateway() : new CallGateway(new Voiding(intent));
            case Voiding _ -> new CallGateway(state);
            case Voided _ ->
                    new CompleteOperation(
                            state,
                            new OperationResult.OperationSucceeded(PaymentStatus.VOIDED, null));
            // Cancelling while the taking may be under way would be a guess.
            case Capturing _ -> new RefuseOperation(PaymentRefusal.OPERATION_PENDING);
            case Captured _, Refunding _, Refunded _ ->
                    new CompleteOperation(state, new OperationResult.AlreadyCaptured());
        };
    }

    private static PaymentDecision voidWithoutGateway() {
        return new CompleteOperation(
                new Voided(null),
                new OperationResult.OperationSucceeded(PaymentStatus.VOIDED, null));
    }

    /// A refund that was made has its answer stored in the same moment, so one that comes to this
    /// has not been made, whoever asked for it before.
    private static PaymentDecision refund(PaymentState state, Money amount, String key) {
        return switch (state) {
            case Captured(var intent, var captured) ->
                    amount.isWithin(captured)
                            ? new CallGateway(
                                    new Refunding(
                                            intent, captured, null, new PendingRefund(key, amount)))
                            : new RefuseOperation(PaymentRefusal.AMOUNT_NOT_ALLOWED);
            case Refunding(var _, var _, var _, var refund) ->
                    refund.key().equals(key)
                            ? new CallGateway(state)
                            : new RefuseOperation(PaymentRefusal.OPERATION_PENDING);
            case Refunded(var intent, var captured, var refunded) -> {
                var left = captured.minus(refunded);
                if (left.isEmpty()) {
                    yield new RefuseOperation(PaymentRefusal.ALREADY_REFUNDED);
                }
                yield amount.isWithin(left.get())
                        ? new CallGateway(
                                new Refunding(
                                        intent, captured, refunded, new PendingRefund(key, amount)))
                        : new RefuseOperation(PaymentRefusal.AMOUNT_NOT_ALLOWED);
            }
            case Capturing _, Voiding _ -> new RefuseOperation(PaymentRefusal.OPERATION_PENDING);
            case Requested _, IntentCreated _, Confirming _, Authorized _, Declined _, Voided _ ->
                    new RefuseOperation(PaymentRefusal.NOT_CAPTURED);
        };
    }

    /// What a report of the gateway means. A report may be old: somebody else may have heard a
    /// newer one meanwhile, so none moves a payment backwards.
    ///
    /// What was given back is not learnt from a report: a refund that was not asked for here must
    /// stay to be seen, until a person takes it over by [#adoptGatewayState].
    public static StatusUpdate applyStatus(PaymentState state, IntentStatus standing) {
        return switch (state) {
            case Requested _ -> new Contradiction("a report on an intent that nobody stored");
            case IntentCreated(var intent) -> afterConfirmation(intent, standing);
            case Confirming(var intent) -> afterConfirmation(intent, standing);
            case Authorized(var intent) -> afterAuthorization(intent, standing);
            case Capturing(var intent) -> afterAuthorization(intent, standing);
            case Voiding(var intent) -> afterAuthorization(intent, standing);
            case Refunding _, Captured _, Refunded _ ->
                    standing instanceof IntentCancelled
                            ? new Contradiction("the gateway cancelled what was taken")
                            : NO_CHANGE;
            case Declined _ ->
                    standing instanceof IntentAuthorized || standing instanceof IntentCaptured
                            ? new Contradiction("the gateway charged what it had declined")
                            : NO_CHANGE;
            case Voided _ ->
                    standing instanceof IntentCaptured
                            ? new Contradiction("the gateway took what it had cancelled")
                            : NO_CHANGE;
        };
    }

    private static StatusUpdate afterConfirmation(IntentId intent, IntentStatus standing) {
        return switch (standing) {
            case IntentUnconfirmed _, IntentProcessing _ -> NO_CHANGE;
            case IntentAuthorized _ -> new StateChange(new Authorized(intent));
            case IntentCaptured(var captured, var _) ->
                    new StateChange(new Captured(intent, captured));
            case IntentCancelled _ -> new StateChange(new Voided(intent));
            case IntentDeclined(var code) -> new StateChange(new Declined(intent, code));
        };
    }

    private static StatusUpdate afterAuthorization(IntentId intent, IntentStatus standing) {
        return switch (standing) {
            case IntentUnconfirmed _, IntentProcessing _, IntentAuthorized _, IntentDeclined _ ->
                    NO_CHANGE;
            case IntentCaptured(var captured, var _) ->
                    new StateChange(new Captured(intent, captured));
            case IntentCancelled _ -> new StateChange(new Voided(intent));
        };
    }

    /// The payment's state when the gateway's own books are taken over, because a person has found
    /// them to be right: what was given back there counts as given back here.
    public static PaymentState adoptGatewayState(PaymentState state, IntentStatus standing) {
        return switch (state) {
            case Captured(var intent, var _) when standing instanceof IntentCaptured taken ->
                    capturedState(intent, taken);
            case Refunded(var intent, var _, var _) when standing instanceof IntentCaptured taken ->
                    capturedState(intent, taken);
            case PaymentState other ->
                    applyStatus(other, standing) instanceof StateChange(var next) ? next : other;
        };
    }

    private static PaymentState capturedState(IntentId intent, IntentCaptured taken) {
        return taken.refunded() == null
                ? new Captured(intent, taken.captured())
                : new Refunded(intent, taken.captured(), taken.refunded());
    }

    /// What a payment is after the gateway refused for good what it was asked for.
    ///
    /// @param holdEnded whether it refused because the hold's time is over; what may be left of
    ///     such a hold is let go
    public static PaymentState stateAfterRefusal(UnknownOutcome state, boolean holdEnded) {
        return state instanceof Capturing(var intent) && holdEnded
                ? new Voiding(intent)
                : state.stateIfNotDone();
    }

    /// Whether a report says that what was asked for has not happened; it may still be on its way.
    public static boolean isNotDone(UnknownOutcome state, IntentStatus standing) {
        return switch (state) {
            case Confirming _ -> standing instanceof IntentUnconfirmed;
            case Capturing _ -> standing instanceof IntentAuthorized;
            // The intent does not say whose refunds it has; they are looked for by their keys.
            case Refunding _ -> false;
            case Voiding _ ->
                    !(standing instanceof IntentCancelled)
                            && !(standing instanceof IntentCaptured)
                            && !(standing instanceof IntentProcessing);
        };
    }
}
