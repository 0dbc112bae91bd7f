package dev.orderflow.payment.domain;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
import java.util.UUID;

/// A command to the payment of an order.
public sealed interface OperationCommand {

    UUID orderId();

    PaymentOperationType type();

    /// Authorise an amount without capturing it.
    record AuthorizeCommand(
            UUID orderId, CustomerRef customer, PaymentMethodId paymentMethod, Money amount)
            implements OperationCommand {
        @Override
        public PaymentOperationType type() {
            return PaymentOperationType.AUTHORIZATION;
        }
    }

    /// Capture the authorised amount or a part of it. The gateway releases the rest.
    record CaptureCommand(UUID orderId, Money amount) implements OperationCommand {
        @Override
        public PaymentOperationType type() {
            return PaymentOperationType.CAPTURE;
        }
    }

    /// Cancel the authorisation, and refuse an authorisation that arrives later.
    record VoidCommand(UUID orderId) implements OperationCommand {
        @Override
        public PaymentOperationType type() {
            return PaymentOperationType.VOID;
        }
    }

    /// Refund the captured amount or a part of it. There may be several refunds, up to the captured
    /// amount in total.
    record RefundCommand(UUID orderId, Money amount, RefundReason reason)
            implements OperationCommand {
        @Override
        public PaymentOperationType type() {
            return PaymentOperationType.REFUND;
        }
    }
}
