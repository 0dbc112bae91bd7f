package dev.orderflow.payment.gateway;

import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.Money;
import dev.orderflow.payment.domain.PaymentMethodId;
import dev.orderflow.payment.domain.RefundReason;
import java.util.UUID;

/// Moves money by intents: an intent is opened, which charges nothing, and confirmed, which holds
/// the money at most once however often it is asked.
///
/// Each call but [#ask] takes an idempotency key, under which the gateway does the thing once and
/// repeats its answer.
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
}
