package dev.orderflow.payment.domain;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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
    ///
    /// @param maxRefunded the largest sum of the order's refunds, this one included, that this
    ///     command may reach, in the currency of the payment; null without a limit
    record RefundCommand(
            UUID orderId, Money amount, RefundReason reason, @Nullable BigDecimal maxRefunded)
            implements OperationCommand {

        /// @param refunded the sum of the order's earlier refunds; null if there is none
        boolean isWithinLimit(@Nullable Money refunded) {
            var sum = refunded == null ? amount : refunded.plus(amount);
            return maxRefunded == null || sum.amount().compareTo(maxRefunded) <= 0;
        }

        @Override
        public PaymentOperationType type() {
            return PaymentOperationType.REFUND;
        }
    }
}
