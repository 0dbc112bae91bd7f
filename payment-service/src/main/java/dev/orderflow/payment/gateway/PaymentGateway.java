package dev.orderflow.payment.gateway;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.RefundReason;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Moves money by payment intents. An intent is created, which charges nothing, and confirmed,
/// which authorises the amount at most once however often it is requested.
///
/// Each call that changes something takes an idempotency key: the gateway does the operation once
/// under a key and repeats its result. When a further key is safe: for [#createIntent] at once,
/// since an intent that is not stored here is never confirmed; for confirm, capture and cancel
/// after the retrieved status shows that the operation was not done, since the gateway does each at
/// most once per intent under any key; for [#refund] only after a definite refusal, or when the
/// refund is still absent long after it was requested.
public interface PaymentGateway {

    /// Creates an intent. Nothing is charged.
    GatewayResult createIntent(
            UUID orderId, PaymentMethodId paymentMethod, Money amount, String key);

    /// Confirms an intent, which authorises its amount.
    GatewayResult confirm(IntentId intent, String key);

    /// Captures the authorised amount or a part of it.
    GatewayResult capture(IntentId intent, Money amount, String key);

    /// Cancels an intent: releases the authorised amount and makes a later confirmation impossible.
    GatewayResult cancel(IntentId intent, String key);

    /// Refunds the captured amount or a part of it. Under another key it is another refund.
    ///
    /// @return [GatewayResult.StatusReported] only when this refund was made
    GatewayResult refund(
            UUID orderId, IntentId intent, Money amount, RefundReason reason, String key);

    /// Retrieves the current status of an intent. Changes nothing.
    GatewayResult retrieveStatus(IntentId intent);

    /// Looks up whether a refund was made under a key. Changes nothing. The result includes refunds
    /// that were made a moment ago.
    ///
    /// @param amount the amount of the refund
    RefundLookup findRefund(IntentId intent, Money amount, String key);

    /// The result of [#findRefund].
    sealed interface RefundLookup {

        /// The refund was made.
        record RefundFound() implements RefundLookup {}

        /// The refund was not made. A request for it may still be on its way.
        record RefundAbsent() implements RefundLookup {}

        /// There is a refund of the same amount without a refund key, so it may be this one. An
        /// operator must check.
        record RefundAmbiguous() implements RefundLookup {}

        /// The lookup failed.
        record RefundLookupFailed(String reason) implements RefundLookup {}
    }

    /// Finds the orders whose payments were refunded or cancelled at the gateway since a cursor,
    /// wherever that was requested. Changes nothing.
    ///
    /// @param after the cursor of the previous result; null to begin with changes from now on
    /// @param limit the maximum number of changes to read
    ChangesResult findChanges(@Nullable String after, int limit);

    /// The result of [#findChanges].
    sealed interface ChangesResult {

        /// @param orderIds each once
        /// @param next the cursor for the next call; null while the gateway has no events
        /// @param complete whether there are no further changes to read
        record ChangesFound(List<UUID> orderIds, @Nullable String next, boolean complete)
                implements ChangesResult {}

        /// The gateway no longer keeps the events at the cursor. Begin without a cursor and compare
        /// all orders.
        record CursorExpired() implements ChangesResult {}

        /// The changes could not be read.
        record ChangesUnavailable(String reason) implements ChangesResult {}
    }

    /// Finds what the gateway has charged for orders, independently of what is stored here, so that
    /// a second intent of an order is found too. Changes nothing. A charge may appear up to a
    /// minute after it was made.
    ChargesResult findCharges(Collection<UUID> orderIds);

    /// The result of [#findCharges].
    sealed interface ChargesResult {

        /// @param charges authorised, captured and refunded charges; not those that were
        ///     cancelled or declined
        record ChargesFound(List<OrderCharge> charges) implements ChargesResult {}

        /// The charges could not be read.
        record ChargesUnavailable(String reason) implements ChargesResult {}
    }

    /// A charge of an order at the gateway.
    ///
    /// @param captured null while it is only authorised
    /// @param refunded null while nothing was refunded
    record OrderCharge(
            UUID orderId, Money amount, @Nullable Money captured, @Nullable Money refunded) {}
}
