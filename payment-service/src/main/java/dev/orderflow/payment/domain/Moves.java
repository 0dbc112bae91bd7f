package dev.orderflow.payment.domain;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.payment.domain.Decision.Proceed;
import dev.orderflow.payment.domain.Decision.Refusal;
import dev.orderflow.payment.domain.Decision.Refuse;
import dev.orderflow.payment.domain.Decision.Settled;
import dev.orderflow.payment.domain.Heard.Contradiction;
import dev.orderflow.payment.domain.Heard.News;
import dev.orderflow.payment.domain.Heard.NoNews;
import dev.orderflow.payment.domain.PaymentState.Authorized;
import dev.orderflow.payment.domain.PaymentState.Captured;
import dev.orderflow.payment.domain.PaymentState.Capturing;
import dev.orderflow.payment.domain.PaymentState.Confirming;
import dev.orderflow.payment.domain.PaymentState.Declined;
import dev.orderflow.payment.domain.PaymentState.Opened;
import dev.orderflow.payment.domain.PaymentState.Refund;
import dev.orderflow.payment.domain.PaymentState.Refunded;
import dev.orderflow.payment.domain.PaymentState.Refunding;
import dev.orderflow.payment.domain.PaymentState.Requested;
import dev.orderflow.payment.domain.PaymentState.Unknown;
import dev.orderflow.payment.domain.PaymentState.Voided;
import dev.orderflow.payment.domain.PaymentState.Voiding;
import dev.orderflow.payment.domain.Standing.Cancelled;
import dev.orderflow.payment.domain.Standing.Held;
import dev.orderflow.payment.domain.Standing.Pending;
import dev.orderflow.payment.domain.Standing.Taken;
import dev.orderflow.payment.domain.Standing.TurnedDown;
import dev.orderflow.payment.domain.Standing.Unconfirmed;
import org.jspecify.annotations.Nullable;

/// The two tables of a payment: state × request, and state × report of the gateway.
public final class Moves {

    private static final Heard NO_NEWS = new NoNews();

    private Moves() {}

    /// What a request means for the payment of its order.
    ///
    /// @param payment none, when the order has no payment yet
    /// @param key the idempotency key of the request
    /// @param own whether this very request, by its key, was begun before and has no answer yet
    public static Decision decide(
            @Nullable Payment payment, Request request, String key, boolean own) {
        if (payment == null) {
            return switch (request) {
                case Request.Authorize _ -> new Proceed(new Requested());
                case Request.Void _ -> voided();
                case Request.Capture _, Request.Refund _ -> new Refuse(Refusal.NO_PAYMENT);
            };
        }
        return switch (request) {
            case Request.Authorize _ -> authorize(payment, own);
            case Request.Capture(var _, var amount) -> capture(payment, amount, own);
            case Request.Void _ -> letGo(payment.state());
            case Request.Refund(var _, var amount, var _) -> refund(payment.state(), amount, key);
        };
    }

    private static Decision authorize(Payment payment, boolean own) {
        var state = payment.state();
        if (state instanceof Voided || state instanceof Voiding) {
            return new Settled(state, new Answer.VoidedBefore());
        }
        if (!own) {
            return new Refuse(Refusal.AUTHORIZATION_EXISTS);
        }
        return switch (state) {
            case Requested _, Confirming _ -> new Proceed(state);
            case Opened(var intent) -> new Proceed(new Confirming(intent));
            case Declined(var _, var code) -> new Settled(state, new Answer.Declined(code));
            case Authorized _, Capturing _, Captured _, Refunding _, Refunded _ ->
                    new Settled(state, new Answer.Done(Status.AUTHORIZED, payment.amount()));
            case Voided _, Voiding _ -> new Settled(state, new Answer.VoidedBefore());
        };
    }

    private static Decision capture(Payment payment, Money amount, boolean own) {
        var state = payment.state();
        return switch (state) {
            case Requested _, Opened _, Confirming _, Voiding _ -> new Refuse(Refusal.NOT_SETTLED);
            case Authorized(var intent) ->
                    payment.amount() != null && amount.isWithin(payment.amount())
                            ? new Proceed(new Capturing(intent))
                            : new Refuse(Refusal.OTHER_AMOUNT);
            case Capturing _ -> own ? new Proceed(state) : new Refuse(Refusal.NOT_SETTLED);
            case Captured(var _, var captured) -> capturedBefore(state, captured, amount, own);
            case Refunding(var _, var captured, var _, var _) ->
                    capturedBefore(state, captured, amount, own);
            case Refunded(var _, var captured, var _) ->
                    capturedBefore(state, captured, amount, own);
            case Declined _ -> new Refuse(Refusal.NOT_CAPTURABLE);
            case Voided _ -> new Settled(state, new Answer.VoidedBefore());
        };
    }

    /// Taking the same amount again is no new taking, whatever key it comes with.
    private static Decision capturedBefore(
            PaymentState state, Money captured, Money wanted, boolean own) {
        return own || wanted.equals(captured)
                ? new Settled(state, new Answer.Done(Status.CAPTURED, captured))
                : new Refuse(Refusal.OTHER_AMOUNT);
    }

    private static Decision letGo(PaymentState state) {
        return switch (state) {
            // No intent is stored, so none will be confirmed: whoever comes to store one finds the
            // tombstone.
            case Requested _ -> voided();
            case Opened(var intent) -> new Proceed(new Voiding(intent));
            case Confirming(var intent) -> new Proceed(new Voiding(intent));
            case Authorized(var intent) -> new Proceed(new Voiding(intent));
            case Declined(var intent, var _) ->
                    intent == null ? voided() : new Proceed(new Voiding(intent));
            case Voiding _ -> new Proceed(state);
            case Voided _ -> new Settled(state, new Answer.Done(Status.VOIDED, null));
            // Cancelling while the taking may be under way would be a guess.
            case Capturing _ -> new Refuse(Refusal.NOT_SETTLED);
            case Captured _, Refunding _, Refunded _ ->
                    new Settled(state, new Answer.CapturedBefore());
        };
    }

    private static Decision voided() {
        return new Settled(new Voided(null), new Answer.Done(Status.VOIDED, null));
    }

    /// A refund that was made has its answer stored in the same moment, so one that comes to this
    /// has not been made, whoever asked for it before.
    private static Decision refund(PaymentState state, Money amount, String key) {
        return switch (state) {
            case Captured(var intent, var captured) ->
                    amount.isWithin(captured)
                            ? new Proceed(
                                    new Refunding(intent, captured, null, new Refund(key, amount)))
                            : new Refuse(Refusal.OTHER_AMOUNT);
            case Refunding(var _, var _, var _, var refund) ->
                    refund.key().equals(key) ? new Proceed(state) : new Refuse(Refusal.NOT_SETTLED);
            case Refunded(var intent, var captured, var refunded) -> {
                var left = captured.minus(refunded);
                if (left.isEmpty()) {
                    yield new Refuse(Refusal.REFUNDED_BEFORE);
                }
                yield amount.isWithin(left.get())
                        ? new Proceed(
                                new Refunding(intent, captured, refunded, new Refund(key, amount)))
                        : new Refuse(Refusal.OTHER_AMOUNT);
            }
            case Capturing _, Voiding _ -> new Refuse(Refusal.NOT_SETTLED);
            case Requested _, Opened _, Confirming _, Authorized _, Declined _, Voided _ ->
                    new Refuse(Refusal.NOT_CAPTURED);
        };
    }

    /// What a report of the gateway means. A report may be old: somebody else may have heard a
    /// newer one meanwhile, so none moves a payment backwards.
    ///
    /// What was given back is not learnt from a report: a refund that was not asked for here must
    /// stay to be seen, until a person takes it over by [#takeOver].
    public static Heard hear(PaymentState state, Standing standing) {
        return switch (state) {
            case Requested _ -> new Contradiction("a report on an intent that nobody stored");
            case Opened(var intent) -> afterConfirmation(intent, standing);
            case Confirming(var intent) -> afterConfirmation(intent, standing);
            case Authorized(var intent) -> afterHold(intent, standing);
            case Capturing(var intent) -> afterHold(intent, standing);
            case Voiding(var intent) -> afterHold(intent, standing);
            case Refunding _, Captured _, Refunded _ ->
                    standing instanceof Cancelled
                            ? new Contradiction("the gateway cancelled what was taken")
                            : NO_NEWS;
            case Declined _ ->
                    standing instanceof Held || standing instanceof Taken
                            ? new Contradiction("the gateway charged what it had declined")
                            : NO_NEWS;
            case Voided _ ->
                    standing instanceof Taken
                            ? new Contradiction("the gateway took what it had cancelled")
                            : NO_NEWS;
        };
    }

    private static Heard afterConfirmation(IntentId intent, Standing standing) {
        return switch (standing) {
            case Unconfirmed _, Pending _ -> NO_NEWS;
            case Held _ -> new News(new Authorized(intent));
            case Taken(var captured, var _) -> new News(new Captured(intent, captured));
            case Cancelled _ -> new News(new Voided(intent));
            case TurnedDown(var code) -> new News(new Declined(intent, code));
        };
    }

    private static Heard afterHold(IntentId intent, Standing standing) {
        return switch (standing) {
            case Unconfirmed _, Pending _, Held _, TurnedDown _ -> NO_NEWS;
            case Taken(var captured, var _) -> new News(new Captured(intent, captured));
            case Cancelled _ -> new News(new Voided(intent));
        };
    }

    /// The payment's state when the gateway's own books are taken over, because a person has found
    /// them to be right: what was given back there counts as given back here.
    public static PaymentState takeOver(PaymentState state, Standing standing) {
        return switch (state) {
            case Captured(var intent, var _) when standing instanceof Taken taken ->
                    taken(intent, taken);
            case Refunded(var intent, var _, var _) when standing instanceof Taken taken ->
                    taken(intent, taken);
            case PaymentState other ->
                    hear(other, standing) instanceof News(var next) ? next : other;
        };
    }

    private static PaymentState taken(IntentId intent, Taken taken) {
        return taken.refunded() == null
                ? new Captured(intent, taken.captured())
                : new Refunded(intent, taken.captured(), taken.refunded());
    }

    /// What a payment is after the gateway refused for good what it was asked for.
    ///
    /// @param holdEnded whether it refused because the hold's time is over; what may be left of
    ///     such a hold is let go
    public static PaymentState afterRefusal(Unknown state, boolean holdEnded) {
        return state instanceof Capturing(var intent) && holdEnded
                ? new Voiding(intent)
                : state.ifNeverDone();
    }

    /// Whether a report says that what was asked for has not happened; it may still be on its way.
    public static boolean notDone(Unknown state, Standing standing) {
        return switch (state) {
            case Confirming _ -> standing instanceof Unconfirmed;
            case Capturing _ -> standing instanceof Held;
            // The intent does not say whose refunds it has; they are looked for by their keys.
            case Refunding _ -> false;
            case Voiding _ ->
                    !(standing instanceof Cancelled)
                            && !(standing instanceof Taken)
                            && !(standing instanceof Pending);
        };
    }
}
