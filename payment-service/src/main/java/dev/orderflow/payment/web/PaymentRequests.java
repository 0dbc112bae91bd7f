package dev.orderflow.payment.web;

import dev.orderflow.contracts.value.ChargeCurrency;
import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
import dev.orderflow.payment.domain.OperationCommand;
import dev.orderflow.payment.domain.RefundReason;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The bodies of requests. Each constructor validates its values, so a body that was read is valid.
final class PaymentRequests {

    private PaymentRequests() {}

    /// @param amount a decimal number as text, greater than 0
    record RequestedAmount(String amount, String currency) {

        RequestedAmount {
            var money =
                    Money.of(
                            requirePresent("amount", amount), requirePresent("currency", currency));
            if (money.amount().signum() == 0) {
                throw new InvalidValueException("amount", "must be greater than 0");
            }
        }

        Money money() {
            return Money.of(amount, currency);
        }

        /// The amount and the currency.
        @Override
        public String toString() {
            return money().amount().toPlainString() + " " + currency;
        }
    }

    record AuthorizationRequest(
            String customerRef, String paymentMethodId, RequestedAmount amount) {

        AuthorizationRequest {
            var customer = new CustomerRef(requirePresent("customerRef", customerRef));
            var method = new PaymentMethodId(requirePresent("paymentMethodId", paymentMethodId));
            ChargeCurrency.requireCharge(requirePresent("amount", amount).money());
        }

        OperationCommand toCommand(UUID orderId) {
            return new OperationCommand.AuthorizeCommand(
                    orderId,
                    new CustomerRef(customerRef),
                    new PaymentMethodId(paymentMethodId),
                    amount.money());
        }

        /// Omits the payment method.
        @Override
        public String toString() {
            return "AuthorizationRequest[" + amount + "]";
        }
    }

    record CaptureRequest(RequestedAmount amount) {

        CaptureRequest {
            requirePresent("amount", amount);
        }

        OperationCommand toCommand(UUID orderId) {
            return new OperationCommand.CaptureCommand(orderId, amount.money());
        }
    }

    record VoidRequest() {

        OperationCommand toCommand(UUID orderId) {
            return new OperationCommand.VoidCommand(orderId);
        }
    }

    /// @param reason the name of a [RefundReason]; as text, since Jackson would accept an
    ///     ordinal number for an enum
    record RefundRequest(RequestedAmount amount, String reason) {

        RefundRequest {
            requirePresent("amount", amount);
            var known = reason(requirePresent("reason", reason));
        }

        /// @param maxRefunded the largest sum of the order's refunds; null without a limit
        OperationCommand.RefundCommand toCommand(UUID orderId, @Nullable BigDecimal maxRefunded) {
            return new OperationCommand.RefundCommand(
                    orderId, amount.money(), reason(reason), maxRefunded);
        }

        private static RefundReason reason(String name) {
            return Arrays.stream(RefundReason.values())
                    .filter(reason -> reason.name().equals(name))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new InvalidValueException(
                                            "reason",
                                            "must be one of "
                                                    + Arrays.stream(RefundReason.values())
                                                            .map(RefundReason::name)
                                                            .collect(Collectors.joining(", "))));
        }
    }

    @SuppressWarnings("ConstantValue") // JSON can set any component to null.
    private static <T> T requirePresent(String name, T value) {
        if (value == null) {
            throw new InvalidValueException(name, "must not be null");
        }
        return value;
    }
}
