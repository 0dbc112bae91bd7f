package dev.orderflow.payment.operation;

import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentState;
import java.util.UUID;

/// The idempotency keys that are sent to the gateway. They are derived from the order id and the
/// key number of the payment only, so every instance uses the same key for the same operation.
final class GatewayKeys {

    private GatewayKeys() {}

    static String forCreation(Payment payment) {
        return numbered(payment.orderId() + ":authorization", payment.keyNumber());
    }

    static String forOperation(Payment payment) {
        var step =
                switch (payment.state()) {
                    case PaymentState.Confirming _ -> "authorization:confirm";
                    case PaymentState.Capturing _ -> "capture";
                    case PaymentState.Voiding _ -> "void";
                    case PaymentState.Refunding _ -> "refund";
                    case PaymentState.Requested _,
                            PaymentState.IntentCreated _,
                            PaymentState.Authorized _,
                            PaymentState.Declined _,
                            PaymentState.Captured _,
                            PaymentState.Refunded _,
                            PaymentState.Voided _ ->
                            throw new IllegalStateException(
                                    "no gateway call is pending in state " + payment.state());
                };
        return numbered(payment.orderId() + ":" + step, payment.keyNumber());
    }

    static String forUnusedIntent(UUID orderId, IntentId intent) {
        return orderId + ":unused:" + intent.value();
    }

    private static String numbered(String key, int number) {
        return number == 1 ? key : key + ":" + number;
    }
}
