package dev.orderflow.payment.stripe;

import dev.orderflow.payment.domain.Money;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;

/// Money as Stripe counts it: in a currency's smallest unit, which is not always what ISO 4217
/// says.
///
/// See [Stripe's list](https://docs.stripe.com/currencies#minor-units).
final class StripeAmount {

    private StripeAmount() {}

    /// @throws ArithmeticException when Stripe cannot express it
    static long of(Money money) {
        long units = money.amount().movePointRight(digits(money.currency())).longValueExact();
        if (isThousandths(money.currency()) && units % 10 != 0) {
            throw new ArithmeticException("the last digit must be 0");
        }
        return units;
    }

    static String currency(Money money) {
        return money.currency().getCurrencyCode().toLowerCase(Locale.ROOT);
    }

    static Money toMoney(long units, String currencyCode) {
        var currency = Currency.getInstance(currencyCode.toUpperCase(Locale.ROOT));
        return Money.stored(
                BigDecimal.valueOf(units).movePointLeft(digits(currency)),
                currency.getCurrencyCode());
    }

    private static int digits(Currency currency) {
        return switch (currency.getCurrencyCode()) {
            // Without decimals for Stripe, although ISO gives it two.
            case "MGA" -> 0;
            // With two decimals for Stripe, although ISO gives them none.
            case "ISK", "UGX" -> 2;
            default -> currency.getDefaultFractionDigits();
        };
    }

    private static boolean isThousandths(Currency currency) {
        return currency.getDefaultFractionDigits() == 3;
    }
}
