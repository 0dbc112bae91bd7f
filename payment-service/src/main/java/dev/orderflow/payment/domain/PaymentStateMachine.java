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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The two transition tables of a payment: state × command, and state × status reported by the
/// gateway.
public final class PaymentStateMachine {

    private static final StatusUpdate NO_CHANGE = new NoStateChange();

    private PaymentStateMachine() {}

    /// Decides what to do with a command.
    ///
    /// @param payment the payment of the order; null while the order has none
    /// @param key the idempotency key of the request
    /// @param resumed whether an operation with this key was begun before and has no result yet
    public static PaymentDecision decide(
            @Nullable Payment payment, OperationCommand command, String key, boolean resumed) {
        if (payment == null) {
            return switch (command) {
                case OperationCommand.AuthorizeCommand _ -> new CallGateway(new Requested());
                case OperationCommand.VoidCommand _ -> voidWithoutGateway();
                case OperationCommand.CaptureCommand _, OperationCommand.RefundCommand _ ->
                        new RefuseOperation(PaymentRefusal.NO_PAYMENT);
            };
        }
        return switch (command) {
            case OperationCommand.AuthorizeCommand _ -> authorize(payment, resumed);
            case OperationCommand.CaptureCommand(var _, var amount) ->
                    capture(payment, amount, resumed);
            case OperationCommand.VoidCommand _ -> voidPayment(payment.state());
            case OperationCommand.RefundCommand refund -> refund(payment.state(), refund, key);
        };
    }

    private static PaymentDecision authorize(Payment payment, boolean resumed) {
        var state = payment.state();
        if (state instanceof Voided || state instanceof Voiding) {
            return new CompleteOperation(state, new OperationResult.AlreadyVoided());
        }
        if (!resumed) {
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
                                    PaymentStateCode.AUTHORIZED, payment.amount()));
            case Voided _, Voiding _ ->
                    new CompleteOperation(state, new OperationResult.AlreadyVoided());
        };
    }

    private static PaymentDecision capture(Payment payment, Money amount, boolean resumed) {
        var state = payment.state();
        return switch (state) {
            case Requested _, IntentCreated _, Confirming _, Voiding _ ->
                    new RefuseOperation(PaymentRefusal.OPERATION_PENDING);
            case Authorized(var intent) ->
                    payment.amount() != null && amount.isWithin(payment.amount())
                            ? new CallGateway(new Capturing(intent))
                            : refuseAmount(
                                    amount, payment.amount(), PaymentRefusal.EXCEEDS_AUTHORIZED);
            case Capturing _ ->
                    resumed
                            ? new CallGateway(state)
                            : new RefuseOperation(PaymentRefusal.OPERATION_PENDING);
            case Captured(var _, var captured) -> repeatCapture(state, captured, amount, resumed);
            case Refunding(var _, var captured, var _, var _) ->
                    repeatCapture(state, captured, amount, resumed);
            case Refunded(var _, var captured, var _) ->
                    repeatCapture(state, captured, amount, resumed);
            case Declined _ -> new RefuseOperation(PaymentRefusal.NOT_CAPTURABLE);
            case Voided _ -> new CompleteOperation(state, new OperationResult.AlreadyVoided());
        };
    }

    /// A capture of the amount that was captured already succeeds under any key, without a second
    /// capture at the gateway.
    private static PaymentDecision repeatCapture(
            PaymentState state, Money captured, Money requested, boolean resumed) {
        return resumed || requested.equals(captured)
                ? new CompleteOperation(
                        state,
                        new OperationResult.OperationSucceeded(PaymentStateCode.CAPTURED, captured))
                : refuseAmount(requested, captured, PaymentRefusal.CAPTURED_DIFFERENTLY);
    }

    private static PaymentDecision refuseAmount(
            Money requested, @Nullable Money allowed, PaymentRefusal sameCurrency) {
        return new RefuseOperation(
                allowed != null && !requested.currency().equals(allowed.currency())
                        ? PaymentRefusal.CURRENCY_NOT_ALLOWED
                        : sameCurrency);
    }

    private static PaymentDecision voidPayment(PaymentState state) {
        return switch (state) {
            // No intent is stored, so none can be confirmed: a concurrent authorisation that tries
            // to store its intent finds the voided payment.
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
                            new OperationResult.OperationSucceeded(PaymentStateCode.VOIDED, null));
            // A cancellation is unsafe while the capture may still be processed.
            case Capturing _ -> new RefuseOperation(PaymentRefusal.OPERATION_PENDING);
            case Captured _, Refunding _, Refunded _ ->
                    new CompleteOperation(state, new OperationResult.AlreadyCaptured());
        };
    }

    private static PaymentDecision voidWithoutGateway() {
        return new CompleteOperation(
                new Voided(null),
                new OperationResult.OperationSucceeded(PaymentStateCode.VOIDED, null));
    }

    /// The result of a refund is stored in the transaction that stores its state, so an operation
    /// that gets here has not been refunded yet.
    private static PaymentDecision refund(
            PaymentState state, OperationCommand.RefundCommand command, String key) {
        return switch (state) {
            case Captured(var intent, var captured) ->
                    beginRefund(intent, captured, null, command, key);
            case Refunded(var intent, var captured, var refunded) ->
                    beginRefund(intent, captured, refunded, command, key);
            case Refunding(var _, var _, var _, var refund) ->
                    refund.key().equals(key)
                            ? new CallGateway(state)
                            : new RefuseOperation(PaymentRefusal.OPERATION_PENDING);
            case Capturing _, Voiding _ -> new RefuseOperation(PaymentRefusal.OPERATION_PENDING);
            case Requested _, IntentCreated _, Confirming _, Authorized _, Declined _, Voided _ ->
                    new RefuseOperation(PaymentRefusal.NOT_CAPTURED);
        };
    }

    private static PaymentDecision beginRefund(
            IntentId intent,
            Money captured,
            @Nullable Money refunded,
            OperationCommand.RefundCommand command,
            String key) {
        var amount = command.amount();
        if (!amount.currency().equals(captured.currency())) {
            return new RefuseOperation(PaymentRefusal.CURRENCY_NOT_ALLOWED);
        }
        var left = refunded == null ? Optional.of(captured) : captured.minus(refunded);
        if (left.isEmpty()) {
            return new RefuseOperation(PaymentRefusal.ALREADY_REFUNDED);
        }
        if (!amount.isWithin(left.get())) {
            return new RefuseOperation(PaymentRefusal.EXCEEDS_REFUNDABLE);
        }
        if (!command.isWithinLimit(refunded)) {
            return new RefuseOperation(PaymentRefusal.EXCEEDS_REFUND_LIMIT);
        }
        return new CallGateway(
                new Refunding(intent, captured, refunded, new PendingRefund(key, amount)));
    }

    /// Applies a status reported by the gateway. The status may be old, since another instance may
    /// have applied a newer one meanwhile; so no status moves a payment backwards.
    ///
    /// Refunds are not taken from a status: a refund that was not requested here must stay visible
    /// as a difference until an operator accepts it by [#adoptGatewayState].
    public static StatusUpdate applyStatus(PaymentState state, IntentStatus status) {
        return switch (state) {
            case Requested _ ->
                    new Contradiction("the gateway reported an intent that is not stored");
            case IntentCreated(var intent) -> afterConfirmation(intent, status);
            case Confirming(var intent) -> afterConfirmation(intent, status);
            case Authorized(var intent) -> afterAuthorization(intent, status);
            case Capturing(var intent) -> afterAuthorization(intent, status);
            case Voiding(var intent) -> afterAuthorization(intent, status);
            case Refunding _, Captured _, Refunded _ ->
                    status instanceof IntentCancelled
                            ? new Contradiction("the gateway cancelled a captured payment")
                            : NO_CHANGE;
            case Declined _ ->
                    status instanceof IntentAuthorized || status instanceof IntentCaptured
                            ? new Contradiction("the gateway charged a declined payment")
                            : NO_CHANGE;
            case Voided _ ->
                    status instanceof IntentCaptured
                            ? new Contradiction("the gateway captured a voided payment")
                            : NO_CHANGE;
        };
    }

    private static StatusUpdate afterConfirmation(IntentId intent, IntentStatus status) {
        return switch (status) {
            case IntentUnconfirmed _, IntentProcessing _ -> NO_CHANGE;
            case IntentAuthorized _ -> new StateChange(new Authorized(intent));
            case IntentCaptured(var captured, var _) ->
                    new StateChange(new Captured(intent, captured));
            case IntentCancelled _ -> new StateChange(new Voided(intent));
            case IntentDeclined(var code) -> new StateChange(new Declined(intent, code));
        };
    }

    private static StatusUpdate afterAuthorization(IntentId intent, IntentStatus status) {
        return switch (status) {
            case IntentUnconfirmed _, IntentProcessing _, IntentAuthorized _, IntentDeclined _ ->
                    NO_CHANGE;
            case IntentCaptured(var captured, var _) ->
                    new StateChange(new Captured(intent, captured));
            case IntentCancelled _ -> new StateChange(new Voided(intent));
        };
    }

    /// The state of the payment after an operator has accepted the gateway's state, refunds made
    /// outside of this service included.
    public static PaymentState adoptGatewayState(PaymentState state, IntentStatus status) {
        return switch (state) {
            case Captured(var intent, var _) when status instanceof IntentCaptured captured ->
                    capturedState(intent, captured);
            case Refunded(var intent, var _, var _)
                    when status instanceof IntentCaptured captured ->
                    capturedState(intent, captured);
            case PaymentState other ->
                    applyStatus(other, status) instanceof StateChange(var next) ? next : other;
        };
    }

    private static PaymentState capturedState(IntentId intent, IntentCaptured status) {
        return status.refunded() == null
                ? new Captured(intent, status.captured())
                : new Refunded(intent, status.captured(), status.refunded());
    }

    /// The state of the payment after the gateway refused an operation permanently.
    ///
    /// @param authorizationExpired whether it refused because the authorisation has expired; then
    ///     the intent is cancelled, since the gateway may still hold a part of the amount
    public static PaymentState stateAfterRefusal(
            UnknownOutcome state, boolean authorizationExpired) {
        return state instanceof Capturing(var intent) && authorizationExpired
                ? new Voiding(intent)
                : state.stateIfNotDone();
    }

    /// Whether a status says that the pending operation has not been done. The request may still be
    /// on its way to the gateway.
    public static boolean isNotDone(UnknownOutcome state, IntentStatus status) {
        return switch (state) {
            case Confirming _ -> status instanceof IntentUnconfirmed;
            case Capturing _ -> status instanceof IntentAuthorized;
            // The status does not tell refunds apart; they are looked up by their keys.
            case Refunding _ -> false;
            case Voiding _ ->
                    !(status instanceof IntentCancelled)
                            && !(status instanceof IntentCaptured)
                            && !(status instanceof IntentProcessing);
        };
    }
}
