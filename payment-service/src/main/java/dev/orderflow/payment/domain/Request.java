package dev.orderflow.payment.domain;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
import java.util.UUID;

/// Something asked for the payment of an order.
public sealed interface Request {

    UUID orderId();

    Kind kind();

    /// Hold the money, without taking it.
    record Authorize(
            UUID orderId, CustomerRef customer, PaymentMethodId paymentMethod, Money amount)
            implements Request {
        @Override
        public Kind kind() {
            return Kind.AUTHORIZATION;
        }
    }

    /// Take what is held, or a part of it; the rest is let go.
    record Capture(UUID orderId, Money amount) implements Request {
        @Override
        public Kind kind() {
            return Kind.CAPTURE;
        }
    }

    /// Let go of what is held, and refuse an authorisation that comes late.
    record Void(UUID orderId) implements Request {
        @Override
        public Kind kind() {
            return Kind.VOID;
        }
    }

    /// Give back what was taken, or a part of it; several times, up to all of it.
    record Refund(UUID orderId, Money amount, RefundReason reason) implements Request {
        @Override
        public Kind kind() {
            return Kind.REFUND;
        }
    }
}
