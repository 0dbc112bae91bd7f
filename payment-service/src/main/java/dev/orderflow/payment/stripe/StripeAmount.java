package dev.orderflow.payment.stripe;

import dev.orderflow.contracts.value.ChargeCurrency;
import dev.orderflow.contracts.value.Money;
import java.util.Currency;
import java.util.Locale;

/// Converts money to Stripe's representation: a number of the currency's smallest units and the
/// currency code in lower case.
final class StripeAmount {

    private StripeAmount() {}

    /// The amount in the currency's smallest units.
    ///
    /// @throws ArithmeticException when Stripe cannot represent the amount
    static long of(Money money) {
        return ChargeCurrency.toGatewayUnits(money);
    }

    static String currency(Money money) {
        return money.currency().getCurrencyCode().toLowerCase(Locale.ROOT);
    }

    static Money toMoney(long units, String currencyCode) {
        return ChargeCurrency.ofGatewayUnits(
                units, Currency.getInstance(currencyCode.toUpperCase(Locale.ROOT)));
    }
}
