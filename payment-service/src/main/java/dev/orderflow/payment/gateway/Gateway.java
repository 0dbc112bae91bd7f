package dev.orderflow.payment.gateway;

import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.Money;
import dev.orderflow.payment.domain.PaymentMethodId;
import dev.orderflow.payment.domain.RefundReason;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Moves money by intents: an intent is opened, which charges nothing, and confirmed, which holds
/// the money at most once however often it is asked.
///
/// Each call but [#ask] and [#chargesOf] takes an idempotency key, under which the gateway does
/// the thing once and repeats its answer.
public interface Gateway {

    /// Makes an intent. Nothing is charged.
    GatewayAnswer open(UUID orderId, PaymentMethodId paymentMethod, Money amount, String key);

    /// Holds the money.
    GatewayAnswer confirm(IntentId intent, String key);

    /// Takes what is held.
    GatewayAnswer capture(IntentId intent, Money amount, String key);

    /// Lets go of what is held, and makes a later confirmation impossible.
    GatewayAnswer cancel(IntentId intent, String key);

    /// Gives back what was taken.
    GatewayAnswer refund(IntentId intent, Money amount, RefundReason reason, String key);

    /// How the intent stands now. Changes nothing.
    GatewayAnswer ask(IntentId intent);

    /// What the gateway itself has charged for orders, whatever is stored here: a second intent
    /// for an order shows. Changes nothing. The gateway may learn of what it did up to a minute
    /// later.
    Charges chargesOf(Collection<UUID> orderIds);

    /// What is known of charges.
    sealed interface Charges {

        /// @param all held or taken, those given back included; none that were let go or declined
        record Known(List<Charge> all) implements Charges {}

        /// The gateway did not tell.
        record NotTold(String why) implements Charges {}
    }

    /// One charge of an order.
    ///
    /// @param captured none while it is only held
    /// @param refunded none while nothing was given back
    record Charge(UUID orderId, Money amount, @Nullable Money captured, @Nullable Money refunded) {}
}
