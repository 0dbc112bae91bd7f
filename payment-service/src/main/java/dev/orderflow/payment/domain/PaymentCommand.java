package dev.orderflow.payment.domain;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
import java.util.UUID;

/// Something asked for the payment of an order.
public sealed interface PaymentCommand {

    UUID orderId();

    PaymentOperationType type();

    /// Hold the money, without taking it.
    record AuthorizePayment(
            UUID orderId, CustomerRef customer, PaymentMethodId paymentMethod, Money amount)
            implements PaymentCommand {
        @Override
        public PaymentOperationType type() {
            return PaymentOperationType.AUTHORIZATION;
        }
    }

    /// Take what is held, or a part of it; the rest is let go.
    record CapturePayment(UUID orderId, Money amount) implements PaymentCommand {
        @Override
        public PaymentOperationType type() {
            return PaymentOperationType.CAPTURE;
        }
    }

    /// Let go of what is held, and refuse an authorisation that comes late.
    record VoidPayment(UUID orderId) implements PaymentCommand {
        @Override
        public PaymentOperationType type() {
            return PaymentOperationType.VOID;
        }
    }

    /// Give back what was taken, or a part of it; several times, up to all of it.
    record RefundPayment(UUID orderId, Money amount, RefundReason reason)
            implements PaymentCommand {
        @Override
        public PaymentOperationType type() {
            return PaymentOperationType.REFUND;
        }
    }
}
