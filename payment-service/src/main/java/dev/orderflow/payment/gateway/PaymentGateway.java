package dev.orderflow.payment.gateway;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.RefundReason;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Moves money by intents: an intent is opened, which charges nothing, and confirmed, which holds
/// the money at most once however often it is asked.
///
/// Each call that changes something takes an idempotency key, under which the gateway does the
/// thing once and repeats its answer. Where a next key is safe: an intent that is not stored here
/// is never confirmed, so at once for [#createIntent]; an intent is confirmed, captured and
/// cancelled at most once under whatever key, so for these after a look says that it is not done;
/// for [#refund] only after a definite refusal, or when the refund is still absent long after it
/// was asked for.
public interface PaymentGateway {

    /// Makes an intent. Nothing is charged.
    GatewayResult createIntent(
            UUID orderId, PaymentMethodId paymentMethod, Money amount, String key);

    /// Holds the money.
    GatewayResult confirm(IntentId intent, String key);

    /// Takes what is held.
    GatewayResult capture(IntentId intent, Money amount, String key);

    /// Lets go of what is held, and makes a later confirmation impossible.
    GatewayResult cancel(IntentId intent, String key);

    /// Gives back what was taken, or a part of it. Under another key it is another refund.
    ///
    /// @return [GatewayResult.StatusReported] only when this refund was made
    GatewayResult refund(
            UUID orderId, IntentId intent, Money amount, RefundReason reason, String key);

    /// How the intent stands now. Changes nothing.
    GatewayResult retrieveStatus(IntentId intent);

    /// Whether a refund was made under a key. Changes nothing, and sees what was done a moment ago.
    ///
    /// @param amount what was to be given back
    RefundLookup findRefund(IntentId intent, Money amount, String key);

    /// What is known of one refund.
    sealed interface RefundLookup {

        /// It was made.
        record RefundFound() implements RefundLookup {}

        /// It was not made; a request for it may still be on its way.
        record RefundAbsent() implements RefundLookup {}

        /// There is a refund of the same amount that does not say who asked for it, so this one
        /// may be it. A person must look.
        record RefundAmbiguous() implements RefundLookup {}

        /// The gateway did not tell.
        record RefundLookupFailed(String reason) implements RefundLookup {}
    }

    /// The orders whose payments were given back or cancelled at the gateway since a cursor,
    /// whoever asked for it. Changes nothing.
    ///
    /// @param after where the last answer ended; none to begin with what happens from now on
    /// @param most how many changes at most are read at once
    ChangesResult findChanges(@Nullable String after, int most);

    /// What changed at the gateway.
    sealed interface ChangesResult {

        /// @param orderIds each once
        /// @param next where to go on; none while nothing has ever happened
        /// @param all whether there was no more to read
        record ChangesFound(List<UUID> orderIds, @Nullable String next, boolean complete)
                implements ChangesResult {}

        /// The cursor is older than what the gateway remembers; begin anew and compare everything.
        record CursorExpired() implements ChangesResult {}

        /// The gateway did not tell.
        record ChangesUnavailable(String reason) implements ChangesResult {}
    }

    /// What the gateway itself has charged for orders, whatever is stored here: a second intent
    /// for an order shows. Changes nothing. The gateway may learn of what it did up to a minute
    /// later.
    ChargesResult findCharges(Collection<UUID> orderIds);

    /// What is known of charges.
    sealed interface ChargesResult {

        /// @param all held or taken, those given back included; none that were let go or declined
        record ChargesFound(List<GatewayCharge> charges) implements ChargesResult {}

        /// The gateway did not tell.
        record ChargesUnavailable(String reason) implements ChargesResult {}
    }

    /// One charge of an order.
    ///
    /// @param captured none while it is only held
    /// @param refunded none while nothing was given back
    record GatewayCharge(
            UUID orderId, Money amount, @Nullable Money captured, @Nullable Money refunded) {}
}
