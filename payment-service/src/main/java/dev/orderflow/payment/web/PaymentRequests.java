package dev.orderflow.payment.web;

import dev.orderflow.contracts.value.ChargeCurrency;
import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
import dev.orderflow.payment.domain.RefundReason;
import dev.orderflow.payment.domain.Request;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;

/// The bodies of requests. Each refuses what its values refuse, so one that was read is right.
final class PaymentRequests {

    private PaymentRequests() {}

    /// @param amount a decimal number as text, more than 0
    record Amount(String amount, String currency) {

        Amount {
            var money = Money.of(required("amount", amount), required("currency", currency));
            if (money.amount().signum() == 0) {
                throw new InvalidValueException("amount", "must be more than 0");
            }
        }

        Money money() {
            return Money.of(amount, currency);
        }
    }

    record Authorization(String customerRef, String paymentMethodId, Amount amount) {

        Authorization {
            var customer = new CustomerRef(required("customerRef", customerRef));
            var method = new PaymentMethodId(required("paymentMethodId", paymentMethodId));
            ChargeCurrency.requireCharge(required("amount", amount).money());
        }

        Request of(UUID orderId) {
            return new Request.Authorize(
                    orderId,
                    new CustomerRef(customerRef),
                    new PaymentMethodId(paymentMethodId),
                    amount.money());
        }

        /// Leaves the means of payment out.
        @Override
        public String toString() {
            return "Authorization[" + amount + "]";
        }
    }

    record Capture(Amount amount) {

        Capture {
            required("amount", amount);
        }

        Request of(UUID orderId) {
            return new Request.Capture(orderId, amount.money());
        }
    }

    record Void() {

        Request of(UUID orderId) {
            return new Request.Void(orderId);
        }
    }

    /// @param reason the name of a [RefundReason]; as text, since JSON's reader would take a
    ///     number for one
    record Refund(Amount amount, String reason) {

        Refund {
            required("amount", amount);
            var known = reason(required("reason", reason));
        }

        Request of(UUID orderId) {
            return new Request.Refund(orderId, amount.money(), reason(reason));
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

    @SuppressWarnings("ConstantValue") // JSON knows no types that cannot be null.
    private static <T> T required(String name, T value) {
        if (value == null) {
            throw new InvalidValueException(name, "must not be null");
        }
        return value;
    }
}
